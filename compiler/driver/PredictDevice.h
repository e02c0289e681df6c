// Predicted cost of a model's kernels for a GPU.
#pragma once

#include "driver/Pipeline.h"
#include "tune/Records.h"

#include "llvm/Support/Error.h"

namespace fasternet {

/// A line for each distinct kernel with the schedule that compiling would choose: launches and cycles of one
/// call on the GPU that `target` is tuned for, the share of its FMA peak, and for the launch that takes
/// longest the registers of a thread, the share of multiply-adds in its inner loop and that of the warps that
/// a multiprocessor holds; bytes of stack and spills of all launches. tune/DeviceCost says how. Errors:
/// tensor cores' kernels, whose cost no model says; a missing ptxas or nvdisasm.
llvm::Error printDevicePredictions(const Pipeline &pipeline, const Target &target, const Records &records);

} // namespace fasternet
