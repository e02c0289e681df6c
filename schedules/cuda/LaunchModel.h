// Cycles of a launch on a GPU, from issue slots, the ports of L1 and L2, latency, and how many blocks fill
// the chip. It ranks schedules before anything is measured; only ratios mean something.
#pragma once

#include "schedules/cuda/Parameters.h"
#include "targets/Targets.h"

#include <array>
#include <vector>

namespace fasternet {

/// What a sum is over: `terms` that lie side by side, at each place of a window: `around` are the loops over
/// those, the inner one first. Where rows alone are such places, their `taps` share the values that are read.
struct SumShape {
  int64_t terms = 1;
  std::array<int64_t, 2> around = {1, 1};
  int64_t taps = 1;
  bool isStaged = true;    ///< its values of pixels lie in shared memory
  bool isCuttable = true;  ///< pieces of the terms may go to several threads
  bool keepsLoop = true;   ///< its code is never all straight, however short
  int64_t mostFetched = 4; ///< terms whose values of a pixel one load brings
  double wantedShare = 0;  ///< of multiply-adds among the instructions of the loop

  int64_t places() const { return around[0] * around[1]; }
  int64_t fetch(int64_t pieces) const;
};

/// What one block of threads does between two barriers.
struct Phase {
  int64_t threads = 1;
  int64_t registers = 32;  ///< of a thread
  double missingShare = 0; ///< of multiply-adds among the instructions of its loop, to the wanted one
  double iterations = 0;   ///< of its loop
  double issue = 0;        ///< cycles of one iteration of a warp on its scheduler
  double port = 0;    ///< the same on the port of L1 and shared memory, which a multiprocessor's warps share
  double batches = 1; ///< of loads in an iteration, as many as registers hold
  double once = 0;    ///< cycles beside the loop, whatever else runs
  double onceIssue = 0, oncePort = 0; ///< as issue and port, beside the loop
  double l2Bytes = 0;                 ///< that the block reads from L2
};

/// Loads per iteration of a sum of `thread` tiles that keep the loop's code in the instruction cache.
int64_t unrollFor(const SumShape &shape, const ThreadTile &thread);

Phase sumPhase(const Target &target, const SumShape &shape, const BlockTile &block, const ThreadTile &thread);
Phase copyPhase(double bytes, int64_t threads);

/// Cycles of a phase of `together` blocks that share a multiprocessor.
double phaseCycles(const Phase &phase, int64_t together);

/// Blocks of one launch and what each does, one phase after the other.
struct LaunchPlan {
  int64_t blocks = 1;
  std::vector<Phase> phases;
  int64_t sharedBytes = 0; ///< of a block
  double tensorBytes = 0;  ///< that the launch reads and writes at least once
};

/// Cycles of a launch with what it costs to launch; more where shares of multiply-adds are missing; infinite
/// where the registers of a block do not fit.
double launchCycles(const Target &target, const LaunchPlan &plan);

} // namespace fasternet
