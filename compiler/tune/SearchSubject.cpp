#include "tune/SearchSubject.h"

#include "codegen/Codegen.h"
#include "kernels/KernelArguments.h"
#include "schedules/Schedules.h"
#include "tune/KernelCase.h"

using namespace fasternet;

SearchSubject fasternet::kernelSubject(const KernelSpec &spec, const Target &target) {
  return {.kernel = spec.text(),
          .macs = double(spec.macs()),
          .parameters = [=](llvm::StringRef overrides) { return scheduleParameters(spec, target, overrides); },
          .steps = [=](llvm::StringRef parameters) { return scheduleSteps(spec, target, parameters); },
          .compile = [=](llvm::StringRef symbol,
                         llvm::StringRef parameters) { return compileKernel(spec, target, symbol, parameters); },
          .expected = [=] { return expectedOutput(spec, kernelArguments(spec)); }};
}
