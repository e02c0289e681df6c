#include "codegen/Codegen.h"
#include "codegen/DevicePipeline.h"
#include "kernels/KernelArguments.h"
#include "support/Diagnostics.h"

using namespace fasternet;

/// Compiles `spec` with its schedule by `compile(parameters)`, whose result gets its spec and says which
/// schedule that was.
template <typename Kernel, typename Compile>
static llvm::Expected<Kernel> withSchedule(const KernelSpec &spec, const Target &target,
                                           llvm::StringRef overrides, llvm::StringRef origin,
                                           Compile &&compile) {
  const std::string name = ("kernel " + spec.text() + " for " + target.name).str();
  llvm::Expected<std::string> parameters = scheduleParameters(spec, target, overrides);
  if (!parameters)
    return inputError(name + ": " + llvm::toString(parameters.takeError()));
  llvm::Expected<Kernel> kernel = compile(*parameters);
  if (!kernel)
    return inputError(name + ", schedule " + *parameters + ": " + llvm::toString(kernel.takeError()));
  kernel->spec = spec;
  kernel->target = target.name.str();
  if (origin.empty())
    origin = overrides.empty() ? "default" : "given";
  kernel->schedule = *parameters + (" (" + origin + ")").str();
  return kernel;
}

llvm::Expected<CompiledKernel> fasternet::compileKernel(const KernelSpec &spec, const Target &target,
                                                        llvm::StringRef symbol, llvm::StringRef overrides,
                                                        llvm::StringRef origin) {
  return withSchedule<CompiledKernel>(spec, target, overrides, origin, [&](const std::string &parameters) {
    return compilePipeline(target, symbol, kernelArguments(spec),
                           [&] { return buildPipeline(spec, target, parameters); });
  });
}

llvm::Expected<DeviceKernel> fasternet::compileDeviceKernel(const KernelSpec &spec, const Target &target,
                                                            llvm::StringRef overrides,
                                                            llvm::StringRef origin) {
  return withSchedule<DeviceKernel>(spec, target, overrides, origin, [&](const std::string &parameters) {
    auto kernel = compileDevicePipeline(target, kernelArguments(spec),
                                        [&] { return buildPipeline(spec, target, parameters); });
    if (kernel)
      kernel->parameters = parameters;
    return kernel;
  });
}
