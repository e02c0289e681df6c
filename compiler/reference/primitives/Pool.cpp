// The mean over the pixels of each image.
#include "reference/primitives/Pool.h"

namespace fasternet::reference {

Tensor globalPool(const Tensor &input) {
  Tensor output(input.batch, 1, 1, input.channels);
  int64_t pixels = input.height * input.width;
  for (int64_t n = 0; n < input.batch; ++n) {
    double *means = output.pixel(n);
    for (int64_t pixel = n * pixels; pixel < (n + 1) * pixels; ++pixel)
      for (int64_t c = 0; c < input.channels; ++c)
        means[c] += input.pixel(pixel)[c];
    for (int64_t c = 0; c < input.channels; ++c)
      means[c] /= static_cast<double>(pixels);
  }
  return output;
}

} // namespace fasternet::reference
