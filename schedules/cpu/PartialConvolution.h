// The partial convolution of a block inside its strip, direct or in Winograd's form.
#pragma once

#include "kernels/Block.h"
#include "schedules/Parameters.h"
#include "schedules/Schedules.h"

namespace fasternet {

/// Computes k.partial at `strip`, in scratch that `storage` holds. Returns what it reads of the packed
/// weights.
ReadAhead schedulePartialConvolution(BlockKernel &k, const KernelSpec &spec,
                                     const BlockParameters &parameters, Halide::LoopLevel strip,
                                     Halide::LoopLevel storage);

} // namespace fasternet
