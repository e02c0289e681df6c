#include "schedules/cpu/RegisterTiling.h"

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

fasternet::Reduction fasternet::overDomain(const RDom &domain, Func fetched) {
  Reduction reduction;
  for (int d = 0; d < domain.dimensions(); ++d)
    reduction.loops.push_back(domain[d]);
  reduction.extent = *Internal::as_const_int(domain[0].extent());
  reduction.fetched = fetched;
  return reduction;
}

namespace {

/// The accumulators of one register tile.
struct TileAccumulators {
  Var c, x, y;
  int64_t vector;
  const fasternet::RegisterTile &tile;

  /// Computes `reduction` at `level`, unrolled, without its updates.
  void keep(Func reduction, LoopLevel level) const {
    reduction.compute_at(std::move(level))
        .store_in(MemoryType::Stack)
        .bound_extent(c, int(vector * tile.vectors))
        .bound_extent(x, int(tile.pixels))
        .bound_extent(y, int(tile.rows))
        .vectorize(c, int(vector), TailStrategy::RoundUp)
        .unroll(c)
        .unroll(x)
        .unroll(y);
  }

  /// Unrolls an update inside the loops `outer`, innermost first.
  void unroll(Stage update, const std::vector<VarOrRVar> &outer) const {
    Var lane("lane");
    update.split(c, c, lane, int(vector), TailStrategy::RoundUp);
    // The shorter side of the tile stands inside: its operands stay in registers while those of the other
    // come and go. Compilers keep that order, and the other needs more registers than AVX2 has for 4x3.
    std::vector<VarOrRVar> order = tile.vectors > tile.pixels * tile.rows
                                       ? std::vector<VarOrRVar>{lane, x, y, c}
                                       : std::vector<VarOrRVar>{lane, c, x, y};
    order.insert(order.end(), outer.begin(), outer.end());
    update.reorder(order).vectorize(lane).unroll(c).unroll(x).unroll(y);
  }

  static constexpr int64_t fewestIterations = 4;

  /// The steps of one update of `accumulator`.
  void accumulate(Func accumulator, int index, const fasternet::Reduction &reduction,
                  const fasternet::Steps &steps) const {
    Stage update = accumulator.update(index);
    RVar innermost = reduction.loops.front(), step("step"), group("group");
    RVar iteration("iteration"), repeat("repeat");
    int64_t fetch = steps.fetch, extent = reduction.extent;
    while (extent % fetch != 0)
      fetch /= 2;
    std::vector<VarOrRVar> order;
    if (fetch > 1) {
      update.split(innermost, group, step, int(fetch));
      order.push_back(step);
      innermost = group;
      extent /= fetch;
    }
    RVar loadsAt = innermost;
    // Three iterations of several groups LLVM unrolls as well, and then loads so far ahead that it spills.
    const bool unrolls = steps.unroll > 1 && extent % steps.unroll == 0 &&
                         (fetch == 1 || extent / steps.unroll >= fewestIterations);
    if (unrolls) {
      update.split(innermost, iteration, repeat, int(steps.unroll));
      order.push_back(repeat);
      loadsAt = repeat;
      innermost = iteration;
    }
    order.push_back(innermost);
    order.insert(order.end(), reduction.loops.begin() + 1, reduction.loops.end());
    unroll(update, order);
    if (fetch > 1) {
      update.unroll(step);
      Func fetched = reduction.fetched;
      const Var along = fetched.args()[size_t(reduction.fetchedDimension)];
      fetched.compute_at(accumulator, loadsAt)
          .store_in(MemoryType::Stack)
          .bound_extent(along, int(fetch))
          .vectorize(along);
      for (const Var &dimension : fetched.args())
        if (dimension.name() != along.name())
          fetched.unroll(dimension);
    }
    if (unrolls)
      update.unroll(repeat);
  }
};

} // namespace

void fasternet::accumulateInRegisters(Func reduction, Func wrapper, const TiledLoops &loops, Var c, Var x,
                                      Var y, int64_t vector, const RegisterTile &tile,
                                      const std::vector<Reduction> &updates, const Steps &steps) {
  const TileAccumulators accumulators{c, x, y, vector, tile};
  accumulators.keep(reduction, LoopLevel(wrapper, loops.column));
  for (size_t i = 0; i < updates.size(); ++i) {
    if (!updates[i].chunk) {
      accumulators.accumulate(reduction, int(i), updates[i], steps);
      continue;
    }
    const std::vector<RVar> &chunks = updates[i].chunks;
    accumulators.unroll(reduction.update(int(i)), {chunks.begin(), chunks.end()});
    accumulators.keep(*updates[i].chunk, LoopLevel(reduction, chunks.front()));
    accumulators.accumulate(*updates[i].chunk, 0, updates[i], steps);
  }
}
