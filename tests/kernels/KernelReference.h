// The kernels as plain loops in double precision, on dense NCHW tensors and unpacked weights.
#pragma once

#include "support/KernelSpec.h"

#include <span>
#include <vector>

namespace fasternet {

/// `tensors`: the input as NCHW, then the weights in the kernel's order, unpacked. The result is NCHW.
std::vector<double> referenceKernel(const KernelSpec &spec, std::span<const std::vector<float>> tensors);

} // namespace fasternet
