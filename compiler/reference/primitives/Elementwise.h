// Operations on each value alone. They take their input by value: std::move it in and nothing is copied.
#pragma once

#include "reference/primitives/Tensor.h"

#include <span>

namespace fasternet::reference {

/// Batch norm in evaluation: (x - mean[c]) / sqrt(variance[c] + epsilon) * weight[c] + bias[c], all spans
/// [channels].
Tensor batchNorm(Tensor input, std::span<const float> weight, std::span<const float> bias,
                 std::span<const float> mean, std::span<const float> variance, double epsilon);

/// x * scale[c] + bias[c], spans [channels]: a batch norm whose statistics have been folded.
Tensor affine(Tensor input, std::span<const float> scale, std::span<const float> bias);

/// x * scale[c], scale [channels].
Tensor layerScale(Tensor input, std::span<const float> scale);

/// max(x, 0); NaN stays NaN.
Tensor relu(Tensor input);

/// x / 2 * (1 + erf(x / sqrt 2)): the exact form, not the approximation by tanh.
Tensor gelu(Tensor input);

/// The sum of two tensors of equal shape.
Tensor add(Tensor left, const Tensor &right);

} // namespace fasternet::reference
