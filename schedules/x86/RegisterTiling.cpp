#include "schedules/x86/RegisterTiling.h"

using namespace Halide;

fasternet::TiledLoops fasternet::tileWrapper(Func wrapper, Var c, Var x, Var y, int64_t vector,
                                             const RegisterTile &tile, bool isOutput) {
  TiledLoops loops;
  // Vectors are masked alone; whole vectors of the last tile are skipped by a scalar branch.
  const TailStrategy lanes = isOutput ? TailStrategy::Predicate : TailStrategy::RoundUp;
  const TailStrategy parts = isOutput ? TailStrategy::GuardWithIf : TailStrategy::RoundUp;
  Var vectors("vectors");
  wrapper.split(c, vectors, loops.lane, int(vector), lanes)
      .split(vectors, loops.tile, loops.part, int(tile.vectors), parts)
      .split(x, loops.column, loops.pixel, int(tile.pixels), TailStrategy::ShiftInwards)
      .split(y, loops.row, loops.line, int(tile.rows), TailStrategy::ShiftInwards)
      .reorder(loops.lane, loops.part, loops.pixel, loops.line, loops.column, loops.row, loops.tile)
      .vectorize(loops.lane)
      .unroll(loops.part)
      .unroll(loops.pixel)
      .unroll(loops.line);
  return loops;
}

void fasternet::accumulateInRegisters(Func reduction, Func wrapper, const TiledLoops &loops, Var c, Var x,
                                      Var y, int64_t vector, const RegisterTile &tile,
                                      const std::vector<RDom> &reductions, int64_t unroll) {
  reduction.compute_at(wrapper, loops.column)
      .store_in(MemoryType::Stack)
      .bound_extent(c, int(vector * tile.vectors))
      .bound_extent(x, int(tile.pixels))
      .bound_extent(y, int(tile.rows))
      .vectorize(c, int(vector), TailStrategy::RoundUp)
      .unroll(c)
      .unroll(x)
      .unroll(y);
  for (size_t i = 0; i < reductions.size(); ++i) {
    Stage update = reduction.update(int(i));
    Var lane("lane");
    update.split(c, c, lane, int(vector), TailStrategy::RoundUp);
    // The shorter side of the tile stands inside: its operands stay in registers while those of the other
    // come and go. Compilers keep that order, and the other needs more registers than AVX2 has for 4x3.
    std::vector<VarOrRVar> order = tile.vectors > tile.pixels * tile.rows
                                       ? std::vector<VarOrRVar>{lane, x, y, c}
                                       : std::vector<VarOrRVar>{lane, c, x, y};
    for (int d = 0; d < reductions[i].dimensions(); ++d)
      order.push_back(reductions[i][d]);
    update.reorder(order).vectorize(lane).unroll(c).unroll(x).unroll(y);
    auto extent = Internal::as_const_int(reductions[i][0].extent());
    if (unroll > 1 && extent && *extent % unroll == 0)
      update.unroll(reductions[i][0], int(unroll));
  }
}
