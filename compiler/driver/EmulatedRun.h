// A model for GPUs, run on this machine's processor: its kernels with their schedules, through OpenCL.
#pragma once

#include "driver/Pipeline.h"
#include "driver/VerifyCase.h"

namespace fasternet {

/// One run of a planned pipeline's variant `variant` (in the order of its targets) on `input`, all outputs
/// one after the other. `blobPath` holds the packed weights. Kernels run in the order and on the memory of
/// the plan, so that an overlap of tensors shows as well; only copies and launches are not those of the
/// loader.
llvm::Expected<std::vector<float>> runEmulated(Pipeline &pipeline, size_t variant, llvm::StringRef blobPath,
                                               llvm::ArrayRef<float> input);

/// Compiles the imported model for each of the targets, runs it so on the inputs of `values` and prints what
/// `verify` prints of each output. Returns the largest error.
llvm::Expected<double> verifyEmulated(Pipeline &pipeline, const VerifyCase &values,
                                      const VerifyOptions &options);

} // namespace fasternet
