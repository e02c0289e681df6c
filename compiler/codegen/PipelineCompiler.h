// Any scheduled Halide pipeline to object code: what compileKernel does once it has its schedule.
#pragma once

#include "schedules/Schedules.h"
#include "support/CompiledKernel.h"

#include <functional>

namespace fasternet {

/// Called in a child process; what it throws becomes compilePipeline's error.
using BuildPipeline = std::function<ScheduledPipeline()>;

/// Halide's target, spelled out. AVX-512 is F, BW, CD, DQ, VL and nothing else: Halide's avx512_zen4 would
/// turn on instructions that only AMD has. On ARM NEON is the baseline; half-precision arithmetic is
/// arm_fp16.
Halide::Target halideTarget(const Target &target);

/// The lowered pipeline as function `symbol`. Halide's exceptions pass through.
Halide::Module lowerPipeline(const BuildPipeline &build, const Halide::Target &target,
                             const std::string &symbol,
                             Halide::LinkageType linkage = Halide::LinkageType::External);

/// Halide indexes with 32-bit integers: a larger tensor is an error.
llvm::Error checkSizes(llvm::ArrayRef<KernelArgument> arguments);

/// Compiles what `build` makes, whose buffers must be those of `arguments`, the output last. Spec and
/// schedule of the result are empty. May be called from several threads.
llvm::Expected<CompiledKernel> compilePipeline(const Target &target, llvm::StringRef symbol,
                                               std::vector<KernelArgument> arguments,
                                               const BuildPipeline &build);

} // namespace fasternet
