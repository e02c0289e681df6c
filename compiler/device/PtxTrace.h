// How often the instructions of a launch run: its PTX run with all that is known of it. In generated kernels
// every branch depends on shapes and on the places of blocks and threads, never on values of tensors.
#pragma once

#include "support/DeviceKernel.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>

namespace fasternet {

/// Loads or stores of one kind, of one warp.
struct PtxAccesses {
  double instructions = 0;
  double bytes = 0; ///< of one thread
  /// Cycles on the port of L1 and shared memory, at 128 bytes each: for shared memory the most words of one
  /// bank, each counted once; else sectors of 32 bytes, four at a time.
  double passes = 0;
};

/// Of a warp of the launch's first block: the mean of all its warps, each counted by its first thread. Passes
/// are those of the first warp's accesses, by the addresses of all its threads.
struct LaunchTrace {
  double instructions = 0; ///< without moves between registers, which ptxas does without
  double fmas = 0;         ///< fused multiply-adds of floats
  double matrixProducts = 0;
  /// Of `instructions`, those in straight code without products.
  double besides = 0;
  double barriers = 0;
  PtxAccesses globalLoads, globalStores, sharedLoads, sharedStores, localAccesses;
  /// Times that a warp alone would wait for loads: one for the loads of each straight piece of code, more
  /// where they bring more than ptxas keeps in registers.
  double globalWaits = 0, sharedWaits = 0;
};

/// `launch` names the entry of `ptx`. Registers hold integers, predicates and addresses; floats and what is
/// loaded are not known. An error says what is missing: the entry, a branch's condition, an end.
llvm::Expected<LaunchTrace> traceLaunch(llvm::StringRef ptx, const DeviceLaunch &launch);

} // namespace fasternet
