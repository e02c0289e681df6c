// The value that the reference's primitives work on: doubles, NHWC, dense, no border.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fasternet::reference {

/// values[((n * height + y) * width + x) * channels + c]. A vector per image is a tensor of 1 x 1 pixels.
struct Tensor {
  int64_t batch = 0, height = 0, width = 0, channels = 0;
  std::vector<double> values;

  Tensor() = default;
  /// All zero.
  Tensor(int64_t batch, int64_t height, int64_t width, int64_t channels)
      : batch(batch), height(height), width(width), channels(channels),
        values(static_cast<size_t>(batch * height * width * channels)) {}

  /// Pixels of the whole batch.
  int64_t pixels() const { return batch * height * width; }
  /// The channels of one pixel; of pixel `index` of the whole batch.
  double *pixel(int64_t index) { return values.data() + index * channels; }
  const double *pixel(int64_t index) const { return values.data() + index * channels; }
  double &at(int64_t n, int64_t y, int64_t x, int64_t c) { return pixel((n * height + y) * width + x)[c]; }
  double at(int64_t n, int64_t y, int64_t x, int64_t c) const {
    return pixel((n * height + y) * width + x)[c];
  }
};

} // namespace fasternet::reference
