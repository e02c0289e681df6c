#include "schedules/cpu/PartialConvolution.h"
#include "schedules/cpu/ReadAhead.h"
#include "schedules/cpu/RegisterTiling.h"
#include "support/PackedLayout.h"

#include "llvm/ADT/bit.h"

#include <algorithm>

using namespace Halide;
using namespace fasternet;

namespace {

/// Where a Func's scratch is made and kept.
struct Place {
  LoopLevel computed, stored;
  void put(Func f, const Var &y, int lines) const {
    f.compute_at(computed).store_in(MemoryType::Heap).bound_storage(y, lines).hoist_storage(stored);
  }
};

ReadAhead scheduleDirect(BlockKernel &k, const KernelSpec &spec, const BlockParameters &parameters,
                         const Place &strip) {
  strip.put(k.partial, k.y, int(parameters.rows));
  TiledLoops loops =
      tileWrapper(k.partial, k.c, k.x, k.y, parameters.vector, parameters.partial, /*isOutput=*/false);
  auto taps = [&](Func reader) { return parameters.fetch > 1 ? k.input.in(reader) : Func(); };
  accumulateInRegisters(k.convolution.sum, k.partial, loops, k.c, k.x, k.y, parameters.vector,
                        parameters.partial, {overPart(k.convolution.parts[0], taps)}, {parameters.fetch, 1});
  // There are few tiles of channels: the tasks of a shared strip are their rows.
  Var piece("piece");
  if (parameters.share)
    k.partial.fuse(loops.row, loops.tile, piece).parallel(piece);
  return weightsAhead(k.partialWeight, k.partial, parameters.share ? piece : loops.tile,
                      parameters.vector * parameters.partial.vectors, 9 * spec.partial,
                      parameters.share ? parameters.rows / parameters.partial.rows : 1);
}

/// Once for all strips: the weights of one panel after the other, as the products read them.
ReadAhead scheduleMixedWeight(WinogradConvolution &winograd, const ImageParam &packed, const KernelSpec &spec,
                              int vector) {
  winograd.mixedWeight.compute_root()
      .store_in(MemoryType::Heap)
      .bound(winograd.term, 0, winograd.terms)
      .bound(winograd.lane, 0, int(PackedLayout{}.panel))
      .reorder(winograd.term, winograd.lane, winograd.channel, winograd.line, winograd.panel)
      .unroll(winograd.term)
      .vectorize(winograd.lane, vector);
  // A hundredth of a block's time on one thread; with fewer panels a fork would cost as much.
  if (spec.partial >= 4 * PackedLayout{}.panel)
    winograd.mixedWeight.parallel(winograd.panel);
  return weightsAhead(packed, winograd.mixedWeight, winograd.panel, PackedLayout{}.panel, 9 * spec.partial);
}

/// The loops of the products, which `place` holds as well as their inputs.
TiledLoops scheduleProducts(WinogradConvolution &winograd, const KernelSpec &spec,
                            const BlockParameters &parameters, const Place &place, int inputLines,
                            int lines) {
  const int vector = int(parameters.vector);
  // The input's channels are not padded: vectors no wider than there are.
  const int channels = int(std::min<int64_t>(vector, llvm::bit_floor(uint64_t(spec.partial))));
  place.put(winograd.mixedInput, winograd.y, inputLines);
  winograd.mixedInput.bound(winograd.term, 0, winograd.terms)
      .reorder(winograd.term, winograd.channel, winograd.pair, winograd.y)
      .unroll(winograd.term)
      .vectorize(winograd.channel, channels, TailStrategy::ShiftInwards);

  place.put(winograd.products, winograd.y, lines);
  TiledLoops loops = tileWrapper(winograd.products, winograd.c, winograd.pair, winograd.y, vector,
                                 parameters.partial, /*isOutput=*/false);
  // One term's weights after the other serve all lines.
  winograd.products.bound(winograd.term, 0, winograd.terms)
      .reorder(loops.lane, loops.part, loops.pixel, loops.line, loops.column, loops.row, winograd.term,
               loops.tile);
  const Func taps = parameters.fetch > 1 ? winograd.mixedInput.in(winograd.sum) : Func();
  accumulateInRegisters(winograd.sum, winograd.products, loops, winograd.c, winograd.pair, winograd.y, vector,
                        parameters.partial, {overDomain(winograd.window, taps)}, {parameters.fetch, 1});
  return loops;
}

/// Pairs of pixels, strip by strip.
ReadAhead schedulePairs(BlockKernel &k, const KernelSpec &spec, const BlockParameters &parameters,
                        const Place &strip) {
  WinogradConvolution &winograd = *k.winograd;
  const int rows = int(parameters.rows);
  const TiledLoops loops = scheduleProducts(winograd, spec, parameters, strip, rows + 2, rows);
  strip.put(k.partial, k.y, rows);
  Var pixel("pixel"), piece("piece");
  k.partial.split(k.x, k.x, pixel, 2, TailStrategy::RoundUp)
      .reorder(pixel, k.c, k.x, k.y)
      .unroll(pixel)
      .vectorize(k.c, int(parameters.vector), TailStrategy::RoundUp);
  if (parameters.share) {
    winograd.mixedInput.parallel(winograd.y);
    winograd.products.fuse(winograd.term, loops.tile, piece).parallel(piece);
    k.partial.parallel(k.y);
  }
  return scheduleMixedWeight(winograd, k.partialWeight, spec, int(parameters.vector));
}

/// Squares of pixels before all strips, which could not share them where they have one row; a line of squares
/// is a task.
ReadAhead scheduleSquares(BlockKernel &k, const KernelSpec &spec, const BlockParameters &parameters) {
  WinogradConvolution &winograd = *k.winograd;
  Var band("band"), task("task"), line("line"), pixel("pixel");
  k.partial.compute_root()
      .store_in(MemoryType::Heap)
      .split(k.x, k.x, pixel, 2, TailStrategy::RoundUp)
      .split(k.y, band, line, 2, TailStrategy::RoundUp)
      .fuse(band, k.n, task)
      .reorder(pixel, line, k.c, k.x, task)
      .unroll(pixel)
      .unroll(line)
      .vectorize(k.c, int(parameters.vector), TailStrategy::RoundUp)
      .parallel(task);
  const LoopLevel inBand(k.partial, task);
  scheduleProducts(winograd, spec, parameters, {inBand, inBand}, 1, 1);
  // Each term's products are a matrix, whose pixels lie side by side.
  winograd.mixedInput.reorder_storage(winograd.channel, winograd.pair, winograd.y, winograd.term, winograd.n);
  return scheduleMixedWeight(winograd, k.partialWeight, spec, int(parameters.vector));
}

} // namespace

ReadAhead fasternet::schedulePartialConvolution(BlockKernel &k, const KernelSpec &spec,
                                                const BlockParameters &parameters, LoopLevel strip,
                                                LoopLevel storage) {
  if (!k.winograd)
    return scheduleDirect(k, spec, parameters, {strip, storage});
  return k.winograd->height == 1 ? schedulePairs(k, spec, parameters, {strip, storage})
                                 : scheduleSquares(k, spec, parameters);
}

int64_t fasternet::worthwhileWinograd(const KernelSpec &spec) {
  return spec.computeType() == ElementType::F32 && !isSmall(spec.height, spec.width) ? 2 : 0;
}
