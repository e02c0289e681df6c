// What a kernel computes, in double precision: the right answer for tuning and for tests of kernels.
#pragma once

#include "reference/primitives/Tensor.h"
#include "support/KernelSpec.h"

#include <vector>

namespace fasternet {

/// `input`: [batch, height, width, channels] of the spec. `weights[i]`: argument i of the kernel (see
/// CompiledKernel) as [outputs, inputs, ky, kx], unpacked; the entry of the input is not read.
reference::Tensor referenceKernel(const KernelSpec &spec, const reference::Tensor &input,
                                  const std::vector<std::vector<float>> &weights);

} // namespace fasternet
