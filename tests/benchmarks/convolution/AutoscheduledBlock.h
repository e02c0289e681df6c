// The fused block under a schedule that Halide finds by itself: what our strategies are measured against.
#pragma once

#include "support/CompiledKernel.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

namespace fasternet::benchmark {

/// Compiles the algorithm of kernels/Block.h with the Adams2019 autoscheduler (Adams et al., SIGGRAPH 2019) and
/// the cost model that Halide ships, for one thread. What plugin or compiler refuse is returned as an error.
llvm::Expected<CompiledKernel> compileAutoscheduledBlock(const KernelSpec &spec, const Target &target,
                                                         llvm::StringRef symbol);

} // namespace fasternet::benchmark
