// The partial convolution of a block, direct or in one of Winograd's forms.
#pragma once

#include "kernels/Block.h"
#include "schedules/Parameters.h"
#include "schedules/Schedules.h"

namespace fasternet {

/// Computes k.partial at `strip`, in scratch that `storage` holds, or squares before all strips. Returns what
/// it reads of the packed weights.
ReadAhead schedulePartialConvolution(BlockKernel &k, const KernelSpec &spec,
                                     const BlockParameters &parameters, Halide::LoopLevel strip,
                                     Halide::LoopLevel storage);

/// Images whose pixels are too few for strips.
inline bool isSmall(int64_t height, int64_t width) {
  return height * width <= 64;
}

/// BlockParameters::winograd of the form that saves more products than making its inputs and weights costs:
/// none for small images, which have few products for each weight. Measured on Zen 5 (decision 0005): squares
/// take 1 to 3 % less of the time of a block from 56x56 to 14x14 than pairs; at 7x7 they lose 6 % at C=512,
/// and the 3 % that they gain at C=320 cost T0 a quarter more memory. Not in half precision: see Checks.cpp.
int64_t worthwhileWinograd(const KernelSpec &spec);

} // namespace fasternet
