// Convolutions as products: the window of each output pixel is gathered into a row, an image row at a time.
#include "reference/primitives/Convolution.h"

#include "reference/primitives/Product.h"

#include <algorithm>
#include <cassert>

namespace fasternet::reference {

namespace {

/// The windows of output row `y` of image `n`, each [kernel, kernel, channels], zeros where they reach
/// outside. Reads the first `channels` channels of each pixel.
void gatherWindows(const Tensor &input, int64_t channels, const ConvGeometry &geometry, int64_t n, int64_t y,
                   int64_t outputWidth, double *rows) {
  for (int64_t x = 0; x < outputWidth; ++x)
    for (int64_t ky = 0; ky < geometry.kernel; ++ky)
      for (int64_t kx = 0; kx < geometry.kernel; ++kx, rows += channels) {
        int64_t sourceY = y * geometry.stride + ky - geometry.padding;
        int64_t sourceX = x * geometry.stride + kx - geometry.padding;
        if (sourceY < 0 || sourceY >= input.height || sourceX < 0 || sourceX >= input.width)
          std::fill_n(rows, channels, 0.0);
        else
          std::copy_n(input.pixel((n * input.height + sourceY) * input.width + sourceX), channels, rows);
      }
}

/// Convolves the first `channels` channels of the input into the first `outputs` channels of `output`.
void convolve(const Tensor &input, int64_t channels, std::span<const float> weights,
              std::span<const float> bias, int64_t outputs, const ConvGeometry &geometry, Tensor &output) {
  int64_t taps = geometry.kernel * geometry.kernel;
  int64_t length = taps * channels;
  PanelWeights panels(weights, outputs, length, [&](int64_t o, int64_t k) {
    return (o * channels + k % channels) * taps + k / channels;
  });
  std::vector<double> rows(static_cast<size_t>(output.width * length));
  for (int64_t n = 0; n < output.batch; ++n)
    for (int64_t y = 0; y < output.height; ++y) {
      gatherWindows(input, channels, geometry, n, y, output.width, rows.data());
      panels.multiply(rows.data(), length, output.width, bias,
                      output.pixel((n * output.height + y) * output.width), output.channels);
    }
}

} // namespace

Tensor conv2d(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
              const ConvGeometry &geometry) {
  int64_t window = geometry.kernel * geometry.kernel * input.channels;
  int64_t outputs = static_cast<int64_t>(weights.size()) / window;
  assert(static_cast<int64_t>(weights.size()) == outputs * window);
  assert(bias.empty() || static_cast<int64_t>(bias.size()) == outputs);
  int64_t padded = 2 * geometry.padding - geometry.kernel;
  assert(input.height + padded >= 0 && input.width + padded >= 0);
  Tensor output(input.batch, (input.height + padded) / geometry.stride + 1,
                (input.width + padded) / geometry.stride + 1, outputs);
  convolve(input, input.channels, weights, bias, outputs, geometry, output);
  return output;
}

Tensor partialConv(const Tensor &input, std::span<const float> weights, int64_t partial) {
  assert(partial <= input.channels && static_cast<int64_t>(weights.size()) == partial * partial * 9);
  Tensor output = input;
  convolve(input, partial, weights, {}, partial, {.kernel = 3, .stride = 1, .padding = 1}, output);
  return output;
}

} // namespace fasternet::reference
