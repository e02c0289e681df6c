#include "KernelRun.h"

#include "support/HalfPrecision.h"
#include "support/TensorFloat.h"
#include "tensorcore/TensorCore.h"
#include "tune/KernelCase.h"
#include "tune/KernelReference.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace fasternet;

static std::vector<uint8_t> bytesOf(const std::vector<float> &values, ElementType type) {
  std::vector<uint8_t> bytes(values.size() * size_t(elementBytes(type)));
  if (type == ElementType::F16)
    std::memcpy(bytes.data(), halfBits(values).data(), bytes.size());
  else
    std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

static float valueAt(const std::vector<uint8_t> &bytes, int64_t index, ElementType type) {
  if (type == ElementType::F16) {
    uint16_t bits;
    std::memcpy(&bits, &bytes[size_t(index) * 2], 2);
    return llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, bits)).convertToFloat();
  }
  float value;
  std::memcpy(&value, &bytes[size_t(index) * 4], 4);
  return value;
}

/// Calls `visit` with the place of each element of the interior, channels innermost.
static void forEachElement(const std::vector<BufferDimension> &d, int64_t width, int64_t height,
                           int64_t border, llvm::function_ref<void(int64_t)> visit) {
  for (int64_t n = 0; n < d[3].extent; ++n)
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x)
        for (int64_t c = 0; c < d[0].extent; ++c)
          visit(c + (x + border) * d[1].stride + (y + border) * d[2].stride + n * d[3].stride);
}

KernelData fasternet::kernelData(const KernelSpec &spec) {
  KernelData data;
  const std::vector<KernelArgument> arguments = tensorCoreArguments(spec);
  reference::Tensor input(spec.batch, spec.height, spec.width, spec.channels);
  std::vector<std::vector<float>> weights(arguments.size());
  for (uint32_t i = 0; i < arguments.size(); ++i) {
    const KernelArgument &argument = arguments[i];
    const float scale = valueScale(argument);
    if (argument.role == KernelArgument::Role::Weight) {
      for (int64_t e = 0; e < argument.layout.sourceElements(); ++e)
        weights[i].push_back(madeValue(i, uint64_t(e), scale, argument.type));
      data.arguments.push_back(bytesOf(pack(weights[i], argument.layout), argument.type));
      continue;
    }
    std::vector<float> values(size_t(tensorElements(argument)));
    if (argument.role == KernelArgument::Role::Input) {
      size_t next = 0;
      forEachElement(argument.dimensions, spec.width, spec.height, KernelSpec::borderPixels,
                     [&](int64_t place) {
                       values[size_t(place)] = madeValue(i, uint64_t(next), scale, argument.type);
                       input.values[next] = values[size_t(place)];
                       ++next;
                     });
    }
    data.arguments.push_back(bytesOf(values, argument.type));
  }
  const reference::Tensor output = referenceKernel(spec, input, weights);
  data.expected.assign(output.values.begin(), output.values.end());
  return data;
}

double fasternet::relativeError(const KernelSpec &spec, const KernelData &data) {
  const KernelArgument output = tensorCoreArguments(spec).back();
  std::vector<uint8_t> bytes = data.arguments.back();
  double error = 0, largest = 0;
  size_t next = 0;
  forEachElement(output.dimensions, spec.outputWidth(), spec.outputHeight(), KernelSpec::borderPixels,
                 [&](int64_t place) {
                   const double expected = data.expected[next++];
                   error = std::fmax(error, std::fabs(valueAt(bytes, place, output.type) - expected));
                   largest = std::fmax(largest, std::fabs(expected));
                   const auto size = size_t(elementBytes(output.type));
                   std::memset(&bytes[size_t(place) * size], 0, size);
                 });
  for (uint8_t byte : bytes)
    if (byte != 0)
      return std::numeric_limits<double>::infinity();
  return error / largest;
}
