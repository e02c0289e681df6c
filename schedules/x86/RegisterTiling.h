// The loop structure that all x86 products share: a wrapper whose innermost loops are one register tile, and
// a reduction that is computed inside it, so that its accumulators stay in registers.
#pragma once

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

/// Computes `reduction` inside each register tile of `wrapper`. `reductions[i]` lists the loops of update i,
/// innermost first; the innermost is unrolled by `unroll` where that divides its extent.
void accumulateInRegisters(Halide::Func reduction, Halide::Func wrapper, const TiledLoops &loops,
                           Halide::Var c, Halide::Var x, Halide::Var y, int64_t vector,
                           const RegisterTile &tile, const std::vector<Halide::RDom> &reductions,
                           int64_t unroll);

} // namespace fasternet
