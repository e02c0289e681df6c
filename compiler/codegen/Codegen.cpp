#include "codegen/Codegen.h"
#include "codegen/PipelineCompiler.h"
#include "kernels/KernelArguments.h"
#include "support/Diagnostics.h"

using namespace fasternet;

llvm::Expected<CompiledKernel> fasternet::compileKernel(const KernelSpec &spec, const Target &target,
                                                        llvm::StringRef symbol, llvm::StringRef overrides,
                                                        llvm::StringRef origin) {
  const std::string name = ("kernel " + spec.text() + " for " + target.name).str();
  llvm::Expected<std::string> parameters = scheduleParameters(spec, target, overrides);
  if (!parameters)
    return inputError(name + ": " + llvm::toString(parameters.takeError()));
  auto kernel = compilePipeline(target, symbol, kernelArguments(spec),
                                [&] { return buildPipeline(spec, target, *parameters); });
  if (!kernel)
    return inputError(name + ", schedule " + *parameters + ": " + llvm::toString(kernel.takeError()));
  kernel->spec = spec;
  if (origin.empty())
    origin = overrides.empty() ? "default" : "given";
  kernel->schedule = *parameters + (" (" + origin + ")").str();
  return kernel;
}
