// From a kernel spec to a scheduled Halide pipeline: the strategies of Schedules.def behind one entry.
#pragma once

#include "schedules/Traffic.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <Halide.h>

#include <functional>

namespace fasternet {

/// What a loop reads in the order in which it lies: while it works on one round, what follows is prefetched
/// (codegen/ReadAhead.h).
struct ReadAhead {
  std::string buffer;         ///< name of the argument
  std::string function, loop; ///< the loop's names: of what it computes, and of its variable
  std::string pace;           ///< the argument whose readers, the innermost loops, bear the prefetches
  Halide::Type type;          ///< of an element
  int64_t elements = 0;       ///< that are asked for in a round, one after the other
  std::function<Halide::Expr(Halide::Expr round)> begin; ///< the first of them
  /// Where they lie in several planes, `elements` in each: the innermost loop over these, their number and
  /// their distance.
  std::string planeLoop = {};
  int64_t planes = 1, planeElements = 0;
};

struct ScheduledPipeline {
  Halide::Func output;
  std::vector<Halide::Argument> arguments; ///< inputs and weights in CompiledKernel's order
  std::vector<ReadAhead> readAheads = {};  ///< what its loops prefetch
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
