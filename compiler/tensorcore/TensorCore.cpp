#include "tensorcore/TensorCore.h"
#include "support/Diagnostics.h"
#include "tensorcore/KernelModule.h"
#include "tensorcore/LowerToPtx.h"
#include "tensorcore/Parameters.h"

#include <limits>

using namespace fasternet;

llvm::Error fasternet::checkTensorCoreKernel(const KernelSpec &spec, const Target &target) {
  auto fail = [&](const llvm::Twine &why) {
    return inputError("kernel " + spec.text() + " on tensor cores of " + target.name + ": " + why);
  };
  if (target.family != TargetFamily::Cuda)
    return fail("only GPUs have them, expected a target cuda-sm75 to cuda-sm90");
  const bool merging = spec.kind == KernelKind::PatchConv && spec.inputLayout == TensorLayout::NHWC;
  if (!merging && spec.kind != KernelKind::Block)
    return fail("expected a block or a patch_conv of an NHWC input");
  const bool half = spec.activations == ElementType::F16 && spec.weights == ElementType::F16;
  const bool tf32 = spec.activations == ElementType::F32 && spec.weights == ElementType::TF32;
  if (!half && !tf32)
    return fail("element types " + elementName(spec.activations) + " and " + elementName(spec.weights) +
                " of activations and weights, expected f16 and f16, or f32 and tf32");
  if (tf32 && target.computeCapability() < 80)
    return fail("they multiply no tf32, expected cuda-sm80 or newer, or f16");
  // Indices are 32 bits wide.
  for (const tensorcore::Buffer &buffer : tensorcore::productsOf(spec).buffers)
    if (buffer.elements > std::numeric_limits<int32_t>::max())
      return fail("a buffer of " + llvm::Twine(buffer.elements) + " elements, allowed are 2^31 - 1");
  return llvm::Error::success();
}

llvm::Expected<std::string> fasternet::tensorCoreParameters(const KernelSpec &spec, const Target &target,
                                                            llvm::StringRef overrides) {
  llvm::Expected<tensorcore::ChosenProducts> chosen = tensorcore::chooseProducts(spec, target, overrides);
  if (!chosen)
    return chosen.takeError();
  return tensorcore::parametersText(chosen->list, chosen->parameters);
}

llvm::Expected<DeviceKernel> fasternet::compileTensorCoreKernel(const KernelSpec &spec, const Target &target,
                                                                llvm::StringRef overrides) {
  llvm::Expected<tensorcore::KernelModule> built = tensorcore::buildKernelModule(spec, target, overrides);
  if (!built)
    return built.takeError();
  llvm::Expected<std::string> ptx = tensorcore::lowerToPtx(*built->module, target);
  if (!ptx)
    return ptx.takeError();
  DeviceKernel kernel{.spec = spec, .target = target.name.str(), .schedule = built->parameters};
  kernel.arguments = tensorCoreArguments(spec);
  kernel.ptx = std::move(*ptx);
  kernel.launches = built->launches;
  for (size_t i = size_t(built->arguments); i < built->buffers.size(); ++i)
    kernel.intermediateBytes.push_back(built->buffers[i].bytes());
  return kernel;
}
