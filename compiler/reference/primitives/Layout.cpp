// Between NCHW and NHWC.
#include "reference/primitives/Layout.h"

#include <cassert>

namespace fasternet::reference {

Tensor fromNchw(std::span<const float> values, int64_t batch, int64_t channels, int64_t height,
                int64_t width) {
  assert(static_cast<int64_t>(values.size()) == batch * channels * height * width);
  Tensor output(batch, height, width, channels);
  int64_t pixels = height * width;
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
      for (int64_t c = 0; c < channels; ++c)
        output.pixel(n * pixels + pixel)[c] = values[(n * channels + c) * pixels + pixel];
  return output;
}

std::vector<double> toNchw(const Tensor &input) {
  std::vector<double> values(input.values.size());
  int64_t pixels = input.height * input.width;
  for (int64_t n = 0; n < input.batch; ++n)
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
      for (int64_t c = 0; c < input.channels; ++c)
        values[(n * input.channels + c) * pixels + pixel] = input.pixel(n * pixels + pixel)[c];
  return values;
}

} // namespace fasternet::reference
