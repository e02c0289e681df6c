#include "tune/DeviceSubject.h"

#include "codegen/Codegen.h"
#include "codegen/DeviceEmulation.h"
#include "device/DeviceTools.h"
#include "device/PtxAssembler.h"
#include "kernels/KernelArguments.h"
#include "schedules/Schedules.h"
#include "support/RelativeError.h"
#include "tune/DeviceCost.h"
#include "tune/KernelCase.h"

#include "llvm/Support/FormatVariadic.h"

using namespace fasternet;

static llvm::Expected<double> predictCycles(const KernelSpec &spec, const Target &target,
                                            llvm::StringRef parameters) {
  auto kernel = compileDeviceKernel(spec, target, parameters);
  if (!kernel)
    return kernel.takeError();
  auto cost = predictDeviceCost(*kernel, target);
  if (!cost)
    return cost.takeError();
  return cost->cycles;
}

/// With machine code where ptxas is at hand, as in a library.
static llvm::Expected<DeviceKernel> compileCandidate(const KernelSpec &spec, const Target &target,
                                                     llvm::StringRef symbol, llvm::StringRef parameters) {
  auto kernel = compileDeviceKernel(spec, target, parameters);
  if (!kernel)
    return kernel.takeError();
  kernel->symbol = symbol.str();
  if (!findDeviceTool("ptxas"))
    return kernel;
  auto cubin = assemblePtx(kernel->ptx, target.computeCapability());
  if (!cubin)
    return cubin.takeError();
  kernel->cubin = std::move(cubin->bytes);
  return kernel;
}

static llvm::Expected<CandidateResult> checkOnProcessor(const KernelSpec &spec, const Target &target,
                                                        llvm::StringRef parameters, double bound) {
  using Status = CandidateResult::Status;
  if (llvm::Error error = canEmulate())
    return error;
  const std::vector<KernelArgument> arguments = kernelArguments(spec);
  std::vector<std::vector<float>> tensors;
  std::vector<const float *> pointers;
  for (size_t i = 0; i < arguments.size(); ++i) {
    tensors.push_back(madeTensor(uint32_t(i), arguments[i]));
    pointers.push_back(tensors.back().data());
  }
  CandidateResult result;
  auto output = emulateKernel(spec, target, parameters, pointers, EmulationChecks::Bounds);
  if (!output) {
    result.why = llvm::toString(output.takeError());
    return result;
  }
  result.error = maxRelativeError(*output, expectedOutput(spec, arguments));
  const bool right = result.error <= bound;
  result.status = right ? Status::Ok : Status::Wrong;
  if (!right)
    result.why = llvm::formatv("wrong result, error {0:e3}", result.error);
  return result;
}

SearchSubject fasternet::deviceSubject(const KernelSpec &spec, const Target &target) {
  SearchSubject subject{
      .kernel = spec.text(),
      .macs = double(spec.macs()),
      .parameters = [=](llvm::StringRef overrides) { return scheduleParameters(spec, target, overrides); },
      .steps = [=](llvm::StringRef parameters) { return scheduleSteps(spec, target, parameters); },
      .compileDevice =
          [=](llvm::StringRef symbol, llvm::StringRef parameters) {
            return compileCandidate(spec, target, symbol, parameters);
          },
      .predict = [=](llvm::StringRef parameters) { return predictCycles(spec, target, parameters); },
      .check =
          [=](llvm::StringRef parameters, const MeasuringOptions &options) {
            return checkOnProcessor(spec, target, parameters, options.bound);
          },
      .expected = [=] { return expectedOutput(spec, kernelArguments(spec)); }};
  if (!findDeviceTool("ptxas") || !findDeviceTool("nvdisasm"))
    subject.predict = nullptr;
  return subject;
}
