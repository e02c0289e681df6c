// Cost of a model's kernels from their machine code alone, without running it.
#pragma once

#include "driver/Pipeline.h"
#include "tune/Records.h"

#include "llvm/Support/Error.h"

namespace fasternet {

/// For a GPU as printDevicePredictions has it. For a CPU a line for each distinct kernel with the schedule
/// that compiling would choose: cycles of one call on the CPU that `target` is tuned for and the share of its
/// FMA peak in the model's precision, both after LLVM's model of its pipeline with all loads in L1; the share
/// of FMAs among all instructions; and the spills in innermost loops.
llvm::Error printPredictions(const Pipeline &pipeline, const Target &target, const Records &records);

} // namespace fasternet
