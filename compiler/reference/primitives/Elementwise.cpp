// Operations on each value alone.
#include "reference/primitives/Elementwise.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

namespace fasternet::reference {

Tensor batchNorm(Tensor input, std::span<const float> weight, std::span<const float> bias,
                 std::span<const float> mean, std::span<const float> variance, double epsilon) {
  auto channels = static_cast<size_t>(input.channels);
  assert(weight.size() == channels && bias.size() == channels);
  assert(mean.size() == channels && variance.size() == channels);
  std::vector<double> deviation(channels);
  for (size_t c = 0; c < channels; ++c)
    deviation[c] = std::sqrt(static_cast<double>(variance[c]) + epsilon);
  for (int64_t pixel = 0; pixel < input.pixels(); ++pixel) {
    double *values = input.pixel(pixel);
    for (size_t c = 0; c < channels; ++c)
      values[c] = (values[c] - mean[c]) / deviation[c] * weight[c] + bias[c];
  }
  return input;
}

Tensor affine(Tensor input, std::span<const float> scale, std::span<const float> bias) {
  auto channels = static_cast<size_t>(input.channels);
  assert(scale.size() == channels && bias.size() == channels);
  for (int64_t pixel = 0; pixel < input.pixels(); ++pixel) {
    double *values = input.pixel(pixel);
    for (size_t c = 0; c < channels; ++c)
      values[c] = values[c] * scale[c] + bias[c];
  }
  return input;
}

Tensor layerScale(Tensor input, std::span<const float> scale) {
  auto channels = static_cast<size_t>(input.channels);
  assert(scale.size() == channels);
  for (int64_t pixel = 0; pixel < input.pixels(); ++pixel) {
    double *values = input.pixel(pixel);
    for (size_t c = 0; c < channels; ++c)
      values[c] *= scale[c];
  }
  return input;
}

Tensor relu(Tensor input) {
  for (double &value : input.values)
    value = value < 0.0 ? 0.0 : value;
  return input;
}

Tensor gelu(Tensor input) {
  for (double &value : input.values)
    value = 0.5 * value * (1.0 + std::erf(value / std::numbers::sqrt2));
  return input;
}

Tensor add(Tensor left, const Tensor &right) {
  assert(left.batch == right.batch && left.height == right.height && left.width == right.width &&
         left.channels == right.channels);
  for (size_t i = 0; i < left.values.size(); ++i)
    left.values[i] += right.values[i];
  return left;
}

} // namespace fasternet::reference
