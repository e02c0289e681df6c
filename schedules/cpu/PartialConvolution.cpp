#include "schedules/cpu/PartialConvolution.h"
#include "schedules/cpu/ReadAhead.h"
#include "schedules/cpu/RegisterTiling.h"
#include "support/PackedLayout.h"

#include "llvm/ADT/bit.h"

#include <algorithm>

using namespace Halide;

fasternet::ReadAhead fasternet::schedulePartialConvolution(BlockKernel &k, const KernelSpec &spec,
                                                           const BlockParameters &parameters, LoopLevel strip,
                                                           LoopLevel storage) {
  const int vector = int(parameters.vector), rows = int(parameters.rows);
  auto inStrip = [&](Func f, int lines) {
    f.compute_at(strip).store_in(MemoryType::Heap).bound_storage(k.y, lines).hoist_storage(storage);
  };
  Var piece("piece");
  inStrip(k.partial, rows);
  if (!k.pairs) {
    TiledLoops loops = tileWrapper(k.partial, k.c, k.x, k.y, vector, parameters.partial, /*isOutput=*/false);
    auto taps = [&](Func reader) { return parameters.fetch > 1 ? k.input.in(reader) : Func(); };
    accumulateInRegisters(k.convolution.sum, k.partial, loops, k.c, k.x, k.y, vector, parameters.partial,
                          {overPart(k.convolution.parts[0], taps)}, {parameters.fetch, 1});
    // There are few tiles of channels: the tasks of a shared strip are their rows.
    if (parameters.share)
      k.partial.fuse(loops.row, loops.tile, piece).parallel(piece);
    return weightsAhead(k.partialWeight, k.partial, parameters.share ? piece : loops.tile,
                        vector * parameters.partial.vectors, 9 * spec.partial,
                        parameters.share ? rows / parameters.partial.rows : 1);
  }

  PairedConvolution &pairs = *k.pairs;
  // Once for all strips: the weights of one panel after the other, as the products read them.
  pairs.mixedWeight.compute_root()
      .store_in(MemoryType::Heap)
      .bound(pairs.term, 0, 4)
      .bound(pairs.lane, 0, int(PackedLayout{}.panel))
      .reorder(pairs.term, pairs.lane, pairs.channel, pairs.line, pairs.panel)
      .unroll(pairs.term)
      .vectorize(pairs.lane, vector);
  // A hundredth of a block's time on one thread; with fewer panels a fork would cost as much.
  if (spec.partial >= 4 * PackedLayout{}.panel)
    pairs.mixedWeight.parallel(pairs.panel);
  // The input's channels are not padded: vectors no wider than there are.
  const int channels = int(std::min<int64_t>(vector, llvm::bit_floor(uint64_t(spec.partial))));
  inStrip(pairs.mixedInput, rows + 2);
  pairs.mixedInput.bound(pairs.term, 0, 4)
      .reorder(pairs.term, pairs.channel, pairs.pair, pairs.y)
      .unroll(pairs.term)
      .vectorize(pairs.channel, channels, TailStrategy::ShiftInwards);

  inStrip(pairs.products, rows);
  TiledLoops loops = tileWrapper(pairs.products, pairs.c, pairs.pair, pairs.y, vector, parameters.partial,
                                 /*isOutput=*/false);
  // One term's weights after the other serve the whole strip.
  pairs.products.bound(pairs.term, 0, 4)
      .reorder(loops.lane, loops.part, loops.pixel, loops.line, loops.column, loops.row, pairs.term,
               loops.tile);
  const Func taps = parameters.fetch > 1 ? pairs.mixedInput.in(pairs.sum) : Func();
  accumulateInRegisters(pairs.sum, pairs.products, loops, pairs.c, pairs.pair, pairs.y, vector,
                        parameters.partial, {overDomain(pairs.window, taps)}, {parameters.fetch, 1});
  Var pixel("pixel");
  k.partial.split(k.x, k.x, pixel, 2, TailStrategy::RoundUp)
      .reorder(pixel, k.c, k.x, k.y)
      .unroll(pixel)
      .vectorize(k.c, vector, TailStrategy::RoundUp);
  if (parameters.share) {
    pairs.mixedInput.parallel(pairs.y);
    pairs.products.fuse(pairs.term, loops.tile, piece).parallel(piece);
    k.partial.parallel(k.y);
  }
  return weightsAhead(k.partialWeight, pairs.mixedWeight, pairs.panel, PackedLayout{}.panel,
                      9 * spec.partial);
}
