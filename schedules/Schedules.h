// From a kernel spec to a scheduled Halide pipeline: the strategies of Schedules.def behind one entry.
#pragma once

#include "schedules/Traffic.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <Halide.h>

namespace fasternet {

struct ScheduledPipeline {
  Halide::Func output;
  std::vector<Halide::Argument> arguments; ///< inputs and weights in CompiledKernel's order
};

/// Parameters as text: the defaults for `spec` on `target`, with the members that `overrides` names replaced.
/// An error names what the kernel cannot run with.
llvm::Expected<std::string> scheduleParameters(const KernelSpec &spec, const Target &target,
                                               llvm::StringRef overrides);

/// What a search may try after `parameters`, a result of scheduleParameters: distinct points of the
/// strategy's bounded space that the kernel can run with, most promising first.
std::vector<std::string> scheduleSteps(const KernelSpec &spec, const Target &target,
                                       llvm::StringRef parameters);

/// Builds the pipeline. `parameters` is a result of scheduleParameters. Halide's exceptions pass through.
ScheduledPipeline buildPipeline(const KernelSpec &spec, const Target &target, llvm::StringRef parameters);

} // namespace fasternet
