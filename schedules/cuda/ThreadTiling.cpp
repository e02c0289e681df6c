#include "schedules/cuda/ThreadTiling.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace Halide;

int64_t fasternet::vectorOf(int64_t channels) {
  return channels % 4 == 0 ? 4 : channels % 2 == 0 ? 2 : 1;
}

int64_t fasternet::sharedStride(int64_t channels) {
  return channels + 4;
}

std::vector<VarOrRVar> fasternet::PixelDimensions::places() const {
  return y ? std::vector<VarOrRVar>{x, *y} : std::vector<VarOrRVar>{x};
}

Var fasternet::launchInBlocks(Func func, const PixelDimensions &d, const BlockTile &block) {
  Var tile("tile"), column("block_column"), row("block_row"), place("place");
  func.split(d.c, tile, d.c, int(block.channels), TailStrategy::RoundUp)
      .split(d.x, column, d.x, int(block.pixels), TailStrategy::ShiftInwards);
  if (!d.y) {
    func.reorder(d.c, d.x, tile, column).gpu_blocks(tile, column);
    return tile;
  }
  func.split(*d.y, row, *d.y, int(block.rows), TailStrategy::ShiftInwards)
      .fuse(column, row, place)
      .reorder(d.c, d.x, *d.y, tile, place, *d.n)
      .gpu_blocks(tile, place, *d.n);
  return tile;
}

/// Fixes the extents of a Func inside a block or a thread.
static void boundTo(Func func, const fasternet::PixelDimensions &d, int64_t channels, int64_t pixels,
                    int64_t rows) {
  func.bound_extent(d.c, int(channels)).bound_extent(d.x, int(pixels));
  if (d.y)
    func.bound_extent(*d.y, int(rows)).bound_extent(*d.n, 1);
}

/// A new loop of the same nature as `like`: of a reduction or not.
static VarOrRVar loopLike(const VarOrRVar &like, const std::string &name) {
  return {name, like.is_rvar};
}

/// For loops whose extent the tile is known to divide; loops of a reduction allow nothing but a condition,
/// which then vanishes.
static TailStrategy exactly(const VarOrRVar &loop) {
  return loop.is_rvar ? TailStrategy::GuardWithIf : TailStrategy::RoundUp;
}

VarOrRVar fasternet::spreadOverThreads(Stage stage, VarOrRVar c, const PixelDimensions &d,
                                       const ThreadTile &thread, const std::vector<Var> &apart) {
  VarOrRVar group = loopLike(c, "group"), part = loopLike(c, "part"), lane = loopLike(c, "lane");
  VarOrRVar flat = loopLike(c, "thread_0");
  Var pixel("pixel"), run("run");
  stage.split(c, group, part, int(thread.channels), exactly(c))
      .split(part, part, lane, int(vectorOf(thread.channels)), exactly(c))
      .split(d.x, run, pixel, int(thread.pixels), exactly(d.x))
      .reorder(lane, part, pixel, group, run)
      .fuse(group, run, flat);
  std::vector<Var> outer = apart;
  if (d.y)
    outer.insert(outer.begin(), *d.y);
  for (size_t i = 0; i < outer.size(); ++i) {
    VarOrRVar next = loopLike(c, "thread_" + std::to_string(i + 1));
    stage.fuse(flat, outer[i], next);
    flat = next;
  }
  stage.vectorize(lane).unroll(part).unroll(pixel).gpu_threads(flat);
  return flat;
}

void fasternet::copyWithThreads(Stage stage, const std::vector<VarOrRVar> &loops, int64_t channels,
                                int64_t places, int64_t threads) {
  constexpr int64_t mostUnrolled = 8;
  const VarOrRVar c = loops[0];
  const int64_t vector = vectorOf(channels), copies = channels / vector * places;
  const int64_t rounds = int64_t(llvm::divideCeil(copies, threads));
  VarOrRVar lane = loopLike(c, "lane"), flat = loopLike(c, "flat_0");
  stage.split(c, flat, lane, int(vector), exactly(c)).vectorize(lane);
  for (size_t i = 1; i < loops.size(); ++i) {
    VarOrRVar next = loopLike(c, "flat_" + std::to_string(i));
    stage.fuse(flat, loops[i], next);
    flat = next;
  }
  if (rounds == 1) {
    stage.gpu_threads(flat);
    return;
  }
  VarOrRVar round = loopLike(c, "round"), thread = loopLike(c, "thread");
  stage.split(flat, round, thread, int(threads), TailStrategy::GuardWithIf)
      .reorder(lane, round, thread)
      .gpu_threads(thread);
  if (rounds <= mostUnrolled)
    stage.unroll(round);
}

void fasternet::keepShared(Func func, const PixelDimensions &d, LoopLevel block, int64_t channels,
                           const BlockTile &tile) {
  boundTo(func, d, channels, tile.pixels, tile.rows);
  func.compute_at(std::move(block))
      .store_in(MemoryType::GPUShared)
      .bound_storage(d.c, int(sharedStride(channels)));
}

namespace {

/// The accumulators of one thread.
struct ThreadAccumulators {
  const fasternet::PixelDimensions &d;
  const fasternet::ThreadTile &tile;

  int vector() const { return int(fasternet::vectorOf(tile.channels)); }

  /// Computes `sum` at `level`, unrolled, without its updates.
  void keep(Func sum, LoopLevel level) const {
    Var lane("lane");
    boundTo(sum, d, tile.channels, tile.pixels, 1);
    sum.compute_at(std::move(level))
        .store_in(MemoryType::Register)
        .split(d.c, d.c, lane, vector(), TailStrategy::RoundUp)
        .reorder(lane, d.c, d.x)
        .vectorize(lane)
        .unroll(d.c)
        .unroll(d.x);
  }

  /// Unrolls an update inside the loops `outer`, innermost first.
  void unroll(Stage update, const std::vector<VarOrRVar> &outer) const {
    Var lane("lane");
    update.split(d.c, d.c, lane, vector(), TailStrategy::RoundUp);
    std::vector<VarOrRVar> order = {lane, d.c, d.x};
    order.insert(order.end(), outer.begin(), outer.end());
    update.reorder(order).vectorize(lane).unroll(d.c).unroll(d.x);
  }

  /// The terms of update `index` of `accumulator`.
  void accumulate(Func accumulator, int index, const RDom &domain, const fasternet::TermLoops &terms) const {
    Stage update = accumulator.update(index);
    auto extentOf = [&](int loop) { return *Internal::as_const_int(domain[loop].extent()); };
    RVar step("step"), loads("loads");
    std::vector<VarOrRVar> order, unrolled;
    std::vector<RVar> loops = {domain[terms.loop]};
    std::vector<int64_t> extents = {extentOf(terms.loop)};
    if (terms.fetch > 1) {
      update.split(loops[0], loads, step, int(terms.fetch));
      order.push_back(step), unrolled.push_back(step);
      loops[0] = loads;
      extents[0] /= terms.fetch;
    }
    for (int i = 0; i < domain.dimensions(); ++i)
      if (i == 1 && terms.sharesTaps)
        order.push_back(domain[i]), unrolled.push_back(domain[i]);
      else if (i != terms.loop)
        loops.push_back(domain[i]), extents.push_back(extentOf(i));
    const std::vector<int64_t> repeats = fasternet::unrolledOf(extents, terms.unroll);
    RVar loadsAt = loops[0];
    for (size_t i = 0; i < loops.size(); ++i) {
      RVar loop = loops[i], iteration("iteration_" + std::to_string(i)),
           repeat("repeat_" + std::to_string(i));
      if (repeats[i] > 1 && repeats[i] < extents[i]) {
        update.split(loop, iteration, repeat, int(repeats[i]));
        order.push_back(repeat), unrolled.push_back(repeat);
        if (i == 0)
          loadsAt = repeat;
        loop = iteration;
      } else if (repeats[i] == extents[i]) {
        unrolled.push_back(loop);
      }
      order.push_back(loop);
    }
    unroll(update, order);
    for (const VarOrRVar &loop : unrolled)
      update.unroll(loop);
    if (terms.fetch > 1)
      fetch(terms, LoopLevel(accumulator, loadsAt));
  }

  void fetch(const fasternet::TermLoops &terms, LoopLevel level) const {
    Func source = terms.source;
    const Var along = source.args()[size_t(terms.along)];
    source.compute_at(std::move(level))
        .store_in(MemoryType::Register)
        .bound_extent(along, int(terms.fetch))
        .vectorize(along);
    for (const Var &dimension : source.args())
      if (dimension.name() != along.name())
        source.unroll(dimension);
  }
};

} // namespace

/// Pixels of a thread that adds up pieces: as few as the threads of a block, all of which take part, leave.
static int64_t pixelsToAdd(const fasternet::ThreadTile &thread) {
  for (int64_t pixels = 1; pixels < thread.pixels; ++pixels)
    if (thread.pixels % pixels == 0 && thread.pixels / pixels <= thread.pieces)
      return pixels;
  return thread.pixels;
}

void fasternet::computeSum(const ProductSum &sum, Func wrapper, Stage stage, VarOrRVar c,
                           const PixelDimensions &d, const LoopLevel &block, const BlockTile &tile,
                           const ThreadTile &thread, const std::vector<TermLoops> &parts) {
  auto levelOf = [](Func func, const VarOrRVar &loop) {
    return loop.is_rvar ? LoopLevel(func, loop.rvar) : LoopLevel(func, loop.var);
  };
  const bool isCut = sum.parts[0].chunks.has_value();
  ThreadTile outer = thread;
  if (isCut)
    outer.pixels = pixelsToAdd(thread);
  const VarOrRVar outerThread = spreadOverThreads(stage, c, d, outer);
  const ThreadAccumulators results{d, outer};
  results.keep(sum.sum, levelOf(wrapper, outerThread));
  for (size_t i = 0; i < parts.size(); ++i) {
    const ProductSum::Part &part = sum.parts[i];
    if (!isCut) {
      results.accumulate(sum.sum, int(i), part.domain, parts[i]);
      continue;
    }
    const RDom &chunks = *part.chunks;
    Func total = sum.sum;
    results.unroll(total.update(int(i)), {chunks[0], chunks[1], chunks[2]});
    Func accumulator = part.accumulator, collected = accumulator.in(total);
    const std::vector<Var> &args = collected.args();
    boundTo(collected, d, tile.channels, tile.pixels, tile.rows);
    collected.compute_at(block).store_in(MemoryType::GPUShared);
    const VarOrRVar innerThread = spreadOverThreads(collected, d.c, d, thread, {args.end() - 3, args.end()});
    const ThreadAccumulators pieces{d, thread};
    pieces.keep(accumulator, levelOf(collected, innerThread));
    pieces.accumulate(accumulator, 0, part.domain, parts[i]);
  }
}
