// Any scheduled Halide pipeline to device code and launches: what compileDeviceKernel does once it has its
// schedule.
#pragma once

#include "codegen/PipelineCompiler.h"
#include "support/DeviceKernel.h"

namespace fasternet {

/// Halide's target for a GPU: host code for the compiling machine, which runs once, in recordLaunches; device
/// code for the nearest compute capability that Halide knows. Halide knows up to 8.6.
Halide::Target halideDeviceTarget(const Target &target);

/// Compiles what `build` makes, whose buffers must be those of `arguments`, the output last. Spec, target and
/// schedule of the result are empty. May be called from several threads.
llvm::Expected<DeviceKernel> compileDevicePipeline(const Target &target,
                                                   std::vector<KernelArgument> arguments,
                                                   const BuildPipeline &build);

} // namespace fasternet
