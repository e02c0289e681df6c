// The fused block under schedules that Halide finds by itself: what our strategies are measured against.
#pragma once

#include "support/CompiledKernel.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

namespace fasternet::benchmark {

/// Compiles the algorithm of kernels/Block.h with the Adams2019 autoscheduler (Adams et al., SIGGRAPH 2019)
/// and the cost model that Halide ships, for one thread. What plugin or compiler refuse, or do not finish
/// within two minutes of CPU time and 6 GB, is returned as an error. Its random choices (as in Halide's
/// script for autotuning) are left out: of the first eight tries one took minutes and more than 12 GB to
/// compile.
llvm::Expected<CompiledKernel> compileAutoscheduledBlock(const KernelSpec &spec, const Target &target,
                                                         llvm::StringRef symbol);

} // namespace fasternet::benchmark
