// The mean over the pixels of each image.
#pragma once

#include "reference/primitives/Tensor.h"

namespace fasternet::reference {

/// input [n, h, w, c] -> [n, 1, 1, c].
Tensor globalPool(const Tensor &input);

} // namespace fasternet::reference
