#include "driver/DeviceKernels.h"
#include "codegen/Codegen.h"
#include "codegen/DeviceEmulation.h"
#include "driver/EmulatedTensor.h"
#include "support/Diagnostics.h"
#include "tensorcore/TensorCore.h"
#include "tensorcore/emulation/Emulation.h"
#include "tune/KernelCase.h"

using namespace fasternet;

bool fasternet::runsOnTensorCores(const KernelSpec &spec, const Target &target) {
  const bool isProduct = spec.kind == KernelKind::Block ||
                         (spec.kind == KernelKind::PatchConv && spec.inputLayout == TensorLayout::NHWC);
  return target.family == TargetFamily::Cuda && isProduct && spec.weights != ElementType::F32;
}

Records::Choice fasternet::chooseSchedule(const Records &records, const KernelSpec &spec,
                                          const Target &target, Diagnostics &diagnostics) {
  if (!runsOnTensorCores(spec, target))
    return records.choose(spec, target, diagnostics);
  auto resolve = [&](llvm::StringRef overrides) { return tensorCoreParameters(spec, target, overrides); };
  return records.choose(spec.text(), target, resolve, diagnostics);
}

llvm::Expected<DeviceKernel> fasternet::compileForDevice(const KernelSpec &spec, const Target &target,
                                                         const Records::Choice &schedule) {
  if (!runsOnTensorCores(spec, target))
    return compileDeviceKernel(spec, target, schedule.parameters, schedule.origin);
  auto kernel = compileTensorCoreKernel(spec, target, schedule.parameters);
  if (!kernel)
    return inputError("kernel " + spec.text() + " for " + target.name + ": " +
                      llvm::toString(kernel.takeError()));
  kernel->parameters = kernel->schedule;
  kernel->schedule += " (" + schedule.origin + ")";
  return kernel;
}

/// The kernel in f32 on copies of its tensors.
static llvm::Error emulateOnOpenCl(const DeviceKernel &kernel, const Target &target,
                                   llvm::ArrayRef<uint8_t *> tensors) {
  KernelSpec spec = kernel.spec;
  spec.activations = spec.weights = ElementType::F32;
  std::vector<std::vector<float>> values;
  std::vector<const float *> pointers;
  for (auto [argument, tensor] : llvm::zip_equal(kernel.arguments, tensors)) {
    values.push_back(readTensor(argument, tensor));
    pointers.push_back(values.back().data());
  }
  auto output = emulateKernel(spec, target, kernel.parameters, pointers);
  if (!output)
    return output.takeError();
  writeInterior(kernel.arguments.back(), *output, tensors.back());
  return llvm::Error::success();
}

static llvm::Error emulateOnTensorCores(const DeviceKernel &kernel, const Target &target,
                                        llvm::ArrayRef<uint8_t *> tensors) {
  std::vector<std::vector<uint8_t>> bytes;
  for (auto [argument, tensor] : llvm::zip_equal(kernel.arguments, tensors))
    bytes.emplace_back(tensor, tensor + tensorElements(argument) * elementBytes(argument.type));
  if (llvm::Error error = emulateTensorCoreKernel(kernel.spec, target, kernel.parameters, bytes))
    return inputError("kernel " + kernel.spec.text() + " for " + target.name + ", schedule " +
                      kernel.parameters + ": " + llvm::toString(std::move(error)));
  std::copy(bytes.back().begin(), bytes.back().end(), tensors.back());
  return llvm::Error::success();
}

llvm::Error fasternet::emulateOnProcessor(const DeviceKernel &kernel, const Target &target,
                                          llvm::ArrayRef<uint8_t *> tensors) {
  return runsOnTensorCores(kernel.spec, target) ? emulateOnTensorCores(kernel, target, tensors)
                                                : emulateOnOpenCl(kernel, target, tensors);
}
