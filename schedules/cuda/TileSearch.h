// The best tiles of a launch by the launch model.
#pragma once

#include "schedules/cuda/LaunchModel.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace fasternet {

/// Divisors of `value` up to `most`, ascending.
std::vector<int64_t> divisorsOf(int64_t value, int64_t most);

/// Tensors of pixels that a launch writes.
struct Plane {
  int64_t width, height, batch;
};

/// Calls `visit(pixels, rows)` for the blocks of pixels of an image that are worth a try.
void eachPixelTile(const Plane &plane, llvm::function_ref<void(int64_t, int64_t)> visit);

/// A sum with the tile of a thread that is best in a block of at most `threads`.
struct RankedSum {
  ThreadTile thread;
  Phase phase;
};
/// `together`: blocks that share a multiprocessor, with which phases are compared. Nothing where a block needs more
/// threads than that.
std::optional<RankedSum> bestThreadTile(const Target &target, const SumShape &shape, const BlockTile &block, int64_t threads,
                         int64_t together);

/// A sum that a launch computes, and its tiles.
struct LaunchSum {
  SumShape shape;
  int64_t channels = 1; ///< of its results
  BlockTile block = {};
  ThreadTile thread = {};
};

/// Finds tiles for `sums`, which the blocks of one launch compute one after the other; those before the last are of all
/// channels, and the last too unless it is `divided` among blocks. `copied`: bytes of a pixel that are brought into
/// shared memory first. `sharedBytes` says what the tiles take there. Returns the cycles of the launch, or infinity
/// where no tiles fit.
double findTiles(const Target &target, const Plane &plane, int64_t copied, bool divided, std::vector<LaunchSum> &sums,
                 llvm::function_ref<int64_t(const std::vector<LaunchSum> &)> sharedBytes);

} // namespace fasternet
