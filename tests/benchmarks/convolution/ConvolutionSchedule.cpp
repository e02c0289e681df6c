#include "ConvolutionSchedule.h"

#include "ConvolutionKernel.h"
#include "schedules/cpu/RegisterTiling.h"

using namespace Halide;
using namespace fasternet;
using namespace fasternet::benchmark;

namespace {

/// Loops of the stage that stores the sums, innermost first within a tile: lane, part, some (blocks), pixel,
/// line.
struct OutputLoops {
  VarOrRVar lane, part, tile;
  Var some{"some"}, pixel{"pixel"}, column{"column"}, line{"line"}, row{"row"}, strip{"strip"};
};

/// Splits the channels `k` of the stage, masks the lanes beyond the last, and shifts the last tiles inwards.
/// An update's cannot be shifted: those of channels are guarded, those of pixels divide the row.
void tileStage(Stage stage, VarOrRVar k, bool shifted, const OutputLoops &l, const ConvolutionParameters &p,
               Var x, Var y) {
  VarOrRVar vectors = k.is_rvar ? VarOrRVar(RVar("vectors")) : VarOrRVar(Var("vectors"));
  const TailStrategy tail = shifted ? TailStrategy::ShiftInwards : TailStrategy::GuardWithIf;
  stage.split(k, vectors, l.lane, int(p.vector), TailStrategy::Predicate)
      .split(vectors, l.tile, l.part, int(p.tile.vectors), tail)
      .split(y, l.strip, y, int(p.strip), TailStrategy::GuardWithIf)
      .split(x, l.column, l.pixel, int(p.tile.pixels), tail)
      .split(y, l.row, l.line, int(p.tile.rows), tail);
}

} // namespace

ScheduledPipeline benchmark::scheduleConvolution(const ConvolutionCase &shape,
                                                 const ConvolutionParameters &p) {
  ConvolutionKernel kernel(shape, p.vector);
  Func output = kernel.output, sum = kernel.sum;
  const int vector = int(p.vector);
  OutputLoops l{Var("lane"), Var("part"), Var("tile")};
  if (shape.copied)
    l = OutputLoops{RVar("lane"), RVar("part"), RVar("tile")};
  Stage stage = shape.copied ? Stage(output.update(0)) : Stage(output);
  tileStage(stage, shape.copied ? VarOrRVar(kernel.first.x) : VarOrRVar(kernel.k), !shape.copied, l, p,
            kernel.x, kernel.y);

  std::vector<VarOrRVar> order = {l.lane, l.part, l.pixel, l.line};
  std::vector<VarOrRVar> channels = {l.tile}, pixels = {l.column, l.row};
  if (!shape.copied) {
    stage.split(kernel.block, kernel.block, l.some, int(p.blocks)).unroll(l.some);
    order.insert(order.begin() + 2, l.some);
    channels.push_back(kernel.block);
  }
  const size_t tileLoops = order.size();
  for (const auto &loops : {p.order ? channels : pixels, p.order ? pixels : channels})
    order.insert(order.end(), loops.begin(), loops.end());
  order.push_back(l.strip);
  stage.reorder(order).vectorize(l.lane).unroll(l.part).unroll(l.pixel).unroll(l.line);
  if (shape.copied)
    output.vectorize(kernel.k, vector, TailStrategy::Predicate);

  // The accumulators: inside the innermost loop that is left.
  sum.compute_at(LoopLevel(output, order[tileLoops]))
      .store_in(MemoryType::Stack)
      .bound_extent(kernel.k, int(vector * p.tile.vectors))
      .bound_extent(kernel.block, int(p.blocks))
      .bound_extent(kernel.x, int(p.tile.pixels))
      .bound_extent(kernel.y, int(p.tile.rows))
      .vectorize(kernel.k, vector, TailStrategy::RoundUp)
      .unroll(kernel.k)
      .unroll(kernel.block)
      .unroll(kernel.x)
      .unroll(kernel.y);
  Stage update = sum.update();
  Var lane("lane");
  const RDom &window = kernel.window;
  update.split(kernel.k, kernel.k, lane, vector, TailStrategy::RoundUp);
  // As in the compiler's schedules: the shorter side of the tile stands inside.
  if (p.tile.vectors * p.blocks > p.tile.pixels * p.tile.rows)
    update.reorder(lane, kernel.x, kernel.y, kernel.k, kernel.block, window.x, window.y, window.z);
  else
    update.reorder(lane, kernel.k, kernel.block, kernel.x, kernel.y, window.x, window.y, window.z);
  update.vectorize(lane).unroll(kernel.k).unroll(kernel.block).unroll(kernel.x).unroll(kernel.y);
  if (p.unroll > 1)
    update.unroll(window.x, int(p.unroll));
  if (p.taps >= 3)
    update.unroll(window.y);
  if (p.taps == 9)
    update.unroll(window.z);
  return {output, {kernel.input, kernel.weight}};
}
