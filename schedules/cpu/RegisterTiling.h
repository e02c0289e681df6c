// The loop structure that all products on CPUs share: a wrapper whose innermost loops are one register tile,
// and a reduction that is computed inside it, so that its accumulators stay in registers.
#pragma once

#include "kernels/ProductSum.h"
#include "schedules/Parameters.h"

#include <Halide.h>

namespace fasternet {

/// Loops of a tiled wrapper, innermost first: lane (vectorized), part, pixel, line (unrolled); column, row,
/// tile.
struct TiledLoops {
  Halide::Var lane{"lane"}, part{"part"}, pixel{"pixel"}, line{"line"}, column{"column"}, row{"row"},
      tile{"tile"};
};

/// Splits c, x, y of `wrapper` into register tiles and reorders: one tile's weights serve all pixels of the
/// strip before the next tile of channels begins. Pixels at the end of a row are covered by a tile that is
/// shifted inwards: it computes some values twice, equal to the bit. Channels beyond the last are masked in
/// an output and computed into padding (as zeros, because weights are padded with zeros) in a Func of our
/// own.
TiledLoops tileWrapper(Halide::Func wrapper, Halide::Var c, Halide::Var x, Halide::Var y, int64_t vector,
                       const RegisterTile &tile, bool isOutput);

/// One update of a reduction: its loops, innermost first, and the values of pixels that it reads, with the
/// dimension of them that runs with the innermost loop. Needed only where steps share loads.
struct Reduction {
  std::vector<Halide::RVar> loops;
  int64_t extent = 1; ///< of the innermost loop
  Halide::Func fetched;
  int fetchedDimension = 0;
  std::optional<Halide::Func> chunk; ///< the sum of a chunk, where the reduction adds up chunks
  std::vector<Halide::RVar> chunks;  ///< and the loops over them, innermost first
};

/// All loops of `domain`, in its order; `fetched` runs along its first dimension.
Reduction overDomain(const Halide::RDom &domain, Halide::Func fetched);

/// The loops of one part of a sum. `fetched` gives the Func that one load fills for several steps, from the
/// Func that reads it.
template <typename Fetched> Reduction overPart(const ProductSum::Part &part, Fetched &&fetched) {
  Reduction reduction = overDomain(part.domain, fetched(part.accumulator));
  if (part.chunks)
    reduction.chunk = part.accumulator, reduction.chunks = overDomain(*part.chunks, {}).loops;
  return reduction;
}

/// How the steps of a reduction follow each other: `fetch` of them share the loads of their pixels, in
/// registers (1: none; otherwise the largest power of two up to it that divides the extent), and `unroll` of
/// those groups are one iteration where that divides and, of groups that share loads, leaves four iterations.
struct Steps {
  int64_t fetch = 1, unroll = 1;
};

/// Computes `reduction` inside each register tile of `wrapper`; `updates[i]` is its update i. Where that adds
/// up chunks, their accumulators are in registers, and the reduction's own in cache.
void accumulateInRegisters(Halide::Func reduction, Halide::Func wrapper, const TiledLoops &loops,
                           Halide::Var c, Halide::Var x, Halide::Var y, int64_t vector,
                           const RegisterTile &tile, const std::vector<Reduction> &updates,
                           const Steps &steps);

} // namespace fasternet
