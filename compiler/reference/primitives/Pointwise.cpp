// Products over channels: every pixel is a row already.
#include "reference/primitives/Pointwise.h"

#include "reference/primitives/Product.h"

#include <cassert>

namespace fasternet::reference {

Tensor pointwise(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
                 int64_t outputs) {
  assert(static_cast<int64_t>(weights.size()) == outputs * input.channels);
  assert(bias.empty() || static_cast<int64_t>(bias.size()) == outputs);
  PanelWeights panels(weights, outputs, input.channels,
                      [&](int64_t o, int64_t k) { return o * input.channels + k; });
  Tensor output(input.batch, input.height, input.width, outputs);
  panels.multiply(input.values.data(), input.channels, input.pixels(), bias, output.values.data(), outputs);
  return output;
}

Tensor linear(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
              int64_t outputs) {
  assert(input.height == 1 && input.width == 1);
  return pointwise(input, weights, bias, outputs);
}

} // namespace fasternet::reference
