// Runs a kernel with its GPU schedule on this machine's processor, through OpenCL: the numbers of a GPU kernel without
// the GPU. Names no Halide.
#pragma once

#include "support/CompiledKernel.h"
#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace fasternet {

enum class EmulationChecks {
  None,  ///< the code as it is compiled for the GPU
  Bounds ///< with Halide's checks that no tensor is read or written outside its bounds
};

/// Success where an OpenCL platform is installed; otherwise an error that says what to install.
llvm::Error canEmulate();

/// Builds the pipeline of `spec` for `target` with complete `parameters` (a result of scheduleParameters) and runs it
/// once, in a child process. `tensors[i]` is the first byte of argument i's tensor as KernelArgument describes it,
/// border included; nothing is written there. Returns the output's values in the order of its dimensions, innermost
/// first, without border. An error names the kernel and the schedule.
llvm::Expected<std::vector<float>> emulateKernel(const KernelSpec &spec, const Target &target,
                                                 llvm::StringRef parameters, llvm::ArrayRef<const float *> tensors,
                                                 EmulationChecks checks = EmulationChecks::None);

} // namespace fasternet
