#include "tune/KernelReference.h"

#include "reference/primitives/Convolution.h"
#include "reference/primitives/Elementwise.h"
#include "reference/primitives/Pointwise.h"
#include "reference/primitives/Pool.h"

#include "llvm/Support/ErrorHandling.h"

#include <utility>

using namespace fasternet;
using reference::Tensor;

static Tensor activated(Activation activation, Tensor values) {
  switch (activation) {
  case Activation::None:
    return values;
  case Activation::Relu:
    return reference::relu(std::move(values));
  case Activation::Gelu:
    return reference::gelu(std::move(values));
  }
  llvm_unreachable("covered switch");
}

Tensor fasternet::referenceKernel(const KernelSpec &spec, const Tensor &input,
                                  const std::vector<std::vector<float>> &w) {
  switch (spec.kind) {
  case KernelKind::PatchConv:
    return reference::conv2d(input, w[1], w[2], {.kernel = spec.kernel, .stride = spec.stride});
  case KernelKind::Block: {
    Tensor hidden =
        reference::pointwise(reference::partialConv(input, w[1], spec.partial), w[2], w[3], spec.hidden);
    return reference::add(
        reference::pointwise(activated(spec.activation, std::move(hidden)), w[4], {}, spec.channels), input);
  }
  case KernelKind::Head: {
    Tensor features = activated(spec.activation,
                                reference::pointwise(reference::globalPool(input), w[1], {}, spec.features));
    return spec.outputs == 0 ? features : reference::linear(features, w[2], w[3], spec.outputs);
  }
  case KernelKind::Affine:
    return reference::affine(input, w[1], w[2]);
  }
  llvm_unreachable("covered switch");
}
