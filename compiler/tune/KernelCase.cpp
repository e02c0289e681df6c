#include "tune/KernelCase.h"

#include "reference/primitives/Layout.h"
#include "support/HalfPrecision.h"
#include "support/TensorFloat.h"
#include "tune/KernelReference.h"

#include <cmath>

using namespace fasternet;
using reference::Tensor;

float fasternet::madeValue(uint32_t argument, uint64_t index, float scale, ElementType type) {
  uint64_t state = (index + 1) * 0x9e3779b97f4a7c15u + argument * 0xbf58476d1ce4e5b9u;
  state = (state ^ (state >> 31)) * 0x94d049bb133111ebu;
  const float value = (float(int32_t(state >> 40)) - 8388607.5f) * 0x1p-23f * scale;
  return type == ElementType::F16    ? roundedToHalf(value)
         : type == ElementType::TF32 ? roundedToTf32(value)
                                     : value;
}

int64_t fasternet::tensorElements(const KernelArgument &argument) {
  if (argument.role == KernelArgument::Role::Weight)
    return argument.layout.packedElements();
  const BufferDimension &images = argument.dimensions.back();
  return int64_t(images.extent) * images.stride;
}

float fasternet::valueScale(const KernelArgument &argument) {
  if (argument.role != KernelArgument::Role::Weight)
    return 2;
  return float(std::sqrt(3.0 / double(argument.layout.sourceElements() / argument.layout.outputs)));
}

static void makeWeights(uint32_t index, const KernelArgument &argument, std::vector<float> &values) {
  const PackedLayout &l = argument.layout;
  const float scale = valueScale(argument);
  for (int64_t o = 0; o < l.outputs; ++o)
    for (int64_t i = 0; i < l.inputs; ++i)
      for (int64_t tap = 0; tap < l.kernelHeight * l.kernelWidth; ++tap) {
        const auto at = uint64_t(l.packedIndex(o, i, tap));
        values[at] = madeValue(index, at, scale, argument.type);
      }
}

static bool isInBorder(const BufferDimension &dimension, int64_t position) {
  return dimension.min < 0 && (position < -dimension.min || position >= dimension.extent + dimension.min);
}

static void makeInput(uint32_t index, const KernelArgument &argument, std::vector<float> &values) {
  const auto &dimensions = argument.dimensions;
  const float scale = valueScale(argument);
  std::vector<int64_t> position(dimensions.size());
  for (bool more = true; more;) {
    int64_t at = argument.elementOffset;
    bool border = false;
    for (size_t d = 0; d < position.size(); ++d) {
      at += position[d] * dimensions[d].stride;
      border |= isInBorder(dimensions[d], position[d]);
    }
    if (!border)
      values[size_t(at)] = madeValue(index, uint64_t(at), scale, argument.type);
    more = false;
    for (size_t d = 0; d < position.size() && !more; ++d) {
      more = ++position[d] < dimensions[d].extent;
      if (!more)
        position[d] = 0;
    }
  }
}

std::vector<float> fasternet::madeTensor(uint32_t index, const KernelArgument &argument) {
  std::vector<float> values(size_t(tensorElements(argument)));
  if (argument.role == KernelArgument::Role::Weight)
    makeWeights(index, argument, values);
  else if (argument.role == KernelArgument::Role::Input)
    makeInput(index, argument, values);
  return values;
}

namespace {

/// Weights as the reference takes them, [outputs, inputs, ky, kx]: the packed rule read backwards.
std::vector<float> unpackedWeights(uint32_t index, const KernelArgument &argument) {
  const PackedLayout &l = argument.layout;
  const float scale = valueScale(argument);
  std::vector<float> source;
  source.reserve(size_t(l.sourceElements()));
  for (int64_t o = 0; o < l.outputs; ++o)
    for (int64_t i = 0; i < l.inputs; ++i)
      for (int64_t y = 0; y < l.kernelHeight; ++y)
        for (int64_t x = 0; x < l.kernelWidth; ++x) {
          const int64_t offset = l.packedIndex(o, i, y * l.kernelWidth + x);
          source.push_back(madeValue(index, uint64_t(offset), scale, argument.type));
        }
  return source;
}

Tensor inputTensor(const KernelSpec &spec, const KernelArgument &argument) {
  Tensor input(spec.batch, spec.height, spec.width, spec.channels);
  const auto &d = argument.dimensions;
  const int64_t border = spec.inputBorder();
  const float scale = valueScale(argument);
  for (int64_t n = 0; n < spec.batch; ++n)
    for (int64_t y = 0; y < spec.height; ++y)
      for (int64_t x = 0; x < spec.width; ++x)
        for (int64_t c = 0; c < spec.channels; ++c) {
          const int64_t offset = spec.inputLayout == TensorLayout::NCHW
                                     ? x * d[0].stride + y * d[1].stride + c * d[2].stride + n * d[3].stride
                                     : c * d[0].stride + (x + border) * d[1].stride +
                                           (y + border) * d[2].stride + n * d[3].stride;
          input.at(n, y, x, c) = madeValue(0, uint64_t(offset), scale, argument.type);
        }
  return input;
}

} // namespace

std::vector<float> fasternet::expectedOutput(const KernelSpec &spec,
                                             const std::vector<KernelArgument> &arguments) {
  std::vector<std::vector<float>> weights(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].role == KernelArgument::Role::Weight)
      weights[i] = unpackedWeights(uint32_t(i), arguments[i]);
  const Tensor output = referenceKernel(spec, inputTensor(spec, arguments[0]), weights);
  // Only the norms of feature outputs write NCHW.
  const std::vector<double> values =
      spec.kind == KernelKind::Affine ? reference::toNchw(output) : output.values;
  return {values.begin(), values.end()};
}
