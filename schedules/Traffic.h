// Bytes that a schedule moves, for models of its cost.
#pragma once

#include "support/KernelSpec.h"
#include "targets/Targets.h"

namespace fasternet {

/// Bytes that one call moves into L1 on one core, by where they come from; a rough count.
struct Traffic {
  double l2Bytes = 0;        ///< from L2
  double memoryBytes = 0;    ///< from beyond
  double exchangedBytes = 0; ///< written by all tasks of a loop and read by each of the next: by other cores
};

/// From the loops of a schedule and the caches of the CPU that `target` is tuned for. `parameters` is a
/// result of scheduleParameters.
Traffic scheduleTraffic(const KernelSpec &spec, const Target &target, llvm::StringRef parameters);

} // namespace fasternet
