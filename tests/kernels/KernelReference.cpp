#include "KernelReference.h"

#include <cmath>

using namespace fasternet;

namespace {

using Values = std::vector<double>;

double activated(Activation activation, double value) {
  if (activation == Activation::Gelu)
    return 0.5 * value * std::erfc(-value / std::sqrt(2.0));
  return activation == Activation::Relu ? std::max(value, 0.0) : value;
}

/// One image [channels, height, width] with zero padding.
Values convolve(const Values &image, int64_t channels, int64_t height, int64_t width,
                std::span<const float> weight, int64_t outputs, int64_t kernel, int64_t stride,
                int64_t padding) {
  const int64_t rows = (height + 2 * padding - kernel) / stride + 1;
  const int64_t columns = (width + 2 * padding - kernel) / stride + 1;
  Values result(size_t(outputs * rows * columns));
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x) {
        double sum = 0;
        for (int64_t c = 0; c < channels; ++c)
          for (int64_t ky = 0; ky < kernel; ++ky)
            for (int64_t kx = 0; kx < kernel; ++kx) {
              const int64_t row = y * stride + ky - padding, column = x * stride + kx - padding;
              if (row >= 0 && row < height && column >= 0 && column < width)
                sum += image[size_t((c * height + row) * width + column)] *
                       weight[size_t(((o * channels + c) * kernel + ky) * kernel + kx)];
            }
        result[size_t((o * rows + y) * columns + x)] = sum;
      }
  return result;
}

Values block(const KernelSpec &spec, const Values &image, std::span<const std::vector<float>> tensors) {
  const int64_t pixels = spec.height * spec.width;
  Values mixed = convolve(image, spec.partial, spec.height, spec.width, tensors[1], spec.partial, 3, 1, 1);
  mixed.insert(mixed.end(), image.begin() + spec.partial * pixels, image.end());
  Values hidden = convolve(mixed, spec.channels, spec.height, spec.width, tensors[2], spec.hidden, 1, 1, 0);
  for (int64_t i = 0; i < spec.hidden * pixels; ++i)
    hidden[size_t(i)] = activated(spec.activation, hidden[size_t(i)] + tensors[3][size_t(i / pixels)]);
  Values result = convolve(hidden, spec.hidden, spec.height, spec.width, tensors[4], spec.channels, 1, 1, 0);
  for (size_t i = 0; i < result.size(); ++i)
    result[i] += image[i];
  return result;
}

Values head(const KernelSpec &spec, const Values &image, std::span<const std::vector<float>> tensors) {
  const int64_t pixels = spec.height * spec.width;
  Values mean(size_t(spec.channels));
  for (int64_t i = 0; i < spec.channels * pixels; ++i)
    mean[size_t(i / pixels)] += image[size_t(i)] / double(pixels);
  Values features = convolve(mean, spec.channels, 1, 1, tensors[1], spec.features, 1, 1, 0);
  for (double &value : features)
    value = activated(spec.activation, value);
  if (spec.outputs == 0)
    return features;
  Values scores = convolve(features, spec.features, 1, 1, tensors[2], spec.outputs, 1, 1, 0);
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] += tensors[3][i];
  return scores;
}

Values oneImage(const KernelSpec &spec, const Values &image, std::span<const std::vector<float>> tensors) {
  switch (spec.kind) {
  case KernelKind::PatchConv: {
    Values result = convolve(image, spec.channels, spec.height, spec.width, tensors[1], spec.outputs,
                             spec.kernel, spec.stride, 0);
    const size_t pixels = size_t(spec.outputHeight() * spec.outputWidth());
    for (size_t i = 0; i < result.size(); ++i)
      result[i] += tensors[2][i / pixels];
    return result;
  }
  case KernelKind::Block:
    return block(spec, image, tensors);
  case KernelKind::Head:
    return head(spec, image, tensors);
  case KernelKind::Affine: {
    Values result = image;
    const size_t pixels = size_t(spec.height * spec.width);
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = result[i] * tensors[1][i / pixels] + tensors[2][i / pixels];
    return result;
  }
  }
  return {};
}

} // namespace

std::vector<double> fasternet::referenceKernel(const KernelSpec &spec,
                                               std::span<const std::vector<float>> tensors) {
  const int64_t imageSize = spec.channels * spec.height * spec.width;
  Values all;
  for (int64_t n = 0; n < spec.batch; ++n) {
    const auto begin = tensors[0].begin() + n * imageSize;
    const Values result = oneImage(spec, Values(begin, begin + imageSize), tensors);
    all.insert(all.end(), result.begin(), result.end());
  }
  return all;
}
