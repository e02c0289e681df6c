// Between the model's interface, float32 NCHW, and the reference's NHWC doubles.
#pragma once

#include "reference/primitives/Tensor.h"

#include <span>

namespace fasternet::reference {

/// values [batch, channels, height, width] -> [batch, height, width, channels].
Tensor fromNchw(std::span<const float> values, int64_t batch, int64_t channels, int64_t height,
                int64_t width);

/// input [n, h, w, c] -> [n, c, h, w], still doubles. For a vector per image, [n, 1, 1, c], this is [n, c].
std::vector<double> toNchw(const Tensor &input);

} // namespace fasternet::reference
