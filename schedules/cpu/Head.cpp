// The head on CPUs: matrix times vector, bound by memory; tasks are tiles of the results.
#include "kernels/Head.h"
#include "kernels/PackedAccess.h"
#include "schedules/cpu/Strategies.h"

using namespace Halide;

namespace {

/// Computes `sum` for `vectors` vectors at a time inside `wrapper`, in registers, in parallel over
/// tiles.
void productInRegisters(const fasternet::ProductSum &sum, Func wrapper, Var c, Var n, int vector, int vectors,
                        bool isOutput) {
  Var lane("lane"), all("vectors"), tile("tile"), part("part"), task("task");
  wrapper.split(c, all, lane, vector, isOutput ? TailStrategy::Predicate : TailStrategy::RoundUp)
      .split(all, tile, part, vectors, isOutput ? TailStrategy::GuardWithIf : TailStrategy::RoundUp)
      .reorder(lane, part, n, tile)
      .vectorize(lane)
      .unroll(part)
      .parallel(tile);
  Func reduction = sum.sum;
  reduction.compute_at(wrapper, n)
      .store_in(MemoryType::Stack)
      .bound_extent(c, vector * vectors)
      .vectorize(c, vector, TailStrategy::RoundUp)
      .unroll(c);
  reduction.update().reorder(c, sum.parts[0].domain.x).vectorize(c, vector, TailStrategy::RoundUp).unroll(c);
}

} // namespace

fasternet::ScheduledPipeline fasternet::scheduleCpuHead(const KernelSpec &spec,
                                                        const HeadParameters &parameters) {
  HeadKernel k(spec, {.firstGranule = granuleOf(parameters.vector * parameters.first),
                      .secondGranule = granuleOf(parameters.vector * parameters.second)});
  const int vector = int(parameters.vector);

  // The mean reads channels that are not padded: vectors no wider than the pixel, the last one shifted
  // inwards.
  int pool = vector;
  while (pool > spec.channels)
    pool /= 2;
  Var lane("lane");
  k.mean.compute_root()
      .store_in(MemoryType::Heap)
      .split(k.c, k.c, lane, pool, TailStrategy::ShiftInwards)
      .vectorize(lane);
  k.total.compute_at(k.mean, k.c).store_in(MemoryType::Stack).vectorize(k.c);
  k.total.update().reorder(k.c, k.pixels.x, k.pixels.y).vectorize(k.c);

  if (k.classifies) {
    k.features.compute_root().store_in(MemoryType::Heap);
    productInRegisters(k.product, k.features, k.c, k.n, vector, int(parameters.first), false);
    productInRegisters(k.score, k.output, k.c, k.n, vector, int(parameters.second), true);
  } else {
    productInRegisters(k.product, k.output, k.c, k.n, vector, int(parameters.first), true);
  }
  return {k.output, k.arguments()};
}
