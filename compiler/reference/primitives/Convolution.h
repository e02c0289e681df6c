// Convolutions of the published model, weights in the checkpoint's OIHW order.
#pragma once

#include "reference/primitives/Tensor.h"

#include <span>

namespace fasternet::reference {

struct ConvGeometry {
  int64_t kernel = 1; ///< pixels on each side of the square window
  int64_t stride = 1;
  int64_t padding = 0; ///< zeros around the image, in pixels on each side
};

/// input [n, h, w, i], weights [o, i, kernel, kernel], bias [o] or empty ->
/// [n, (h + 2 padding - kernel) / stride + 1, likewise w, o]. The window must fit. Each output is summed in
/// the order of window rows, window columns, input channels, the bias last.
Tensor conv2d(const Tensor &input, std::span<const float> weights, std::span<const float> bias,
              const ConvGeometry &geometry);

/// Partial convolution: kernel 3, stride 1, padding 1 on channels 0 .. partial-1; the others pass unchanged.
/// input [n, h, w, c], weights [partial, partial, 3, 3] -> [n, h, w, c].
Tensor partialConv(const Tensor &input, std::span<const float> weights, int64_t partial);

} // namespace fasternet::reference
