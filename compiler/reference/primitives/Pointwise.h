// Products over the channels of each pixel, weights in the checkpoint's [output, input] order.
#pragma once

#include "reference/primitives/Tensor.h"

#include <span>

namespace fasternet::reference {

/// A 1x1 convolution: input [n, h, w, i], weights [o, i], bias [o] or empty -> [n, h, w, o]. Each output is
/// summed over the input channels in order, the bias last.
Tensor pointwise(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
                 int64_t outputs);

/// A fully connected layer, the classifier: input [n, 1, 1, i], weights [o, i], bias [o] or empty -> [n, 1,
/// 1, o].
Tensor linear(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
              int64_t outputs);

} // namespace fasternet::reference
