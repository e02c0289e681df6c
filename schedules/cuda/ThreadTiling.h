// The loop structure of all CUDA schedules: blocks of threads over tiles of a Func, each thread a tile of the
// block, and sums whose accumulators stay in the thread's registers.
#pragma once

#include "kernels/ProductSum.h"
#include "schedules/cuda/Parameters.h"

#include <Halide.h>

namespace fasternet {

/// Every tensor starts at a multiple of so many bytes: those of the widest load and store.
inline constexpr int vectorBytes = 16;
/// Elements of one load or store of a tile of so many channels: 4, 2 or 1.
int64_t vectorOf(int64_t channels);

/// The dimensions of a Func of pixels; of values of images c and, as x, the image alone.
struct PixelDimensions {
  Halide::Var c, x;
  std::optional<Halide::Var> y = {}, n = {};

  /// Those beyond c that lie in one block.
  std::vector<Halide::VarOrRVar> places() const;
};

/// Launches `func` in blocks of `block`, whose channels divide those of the func; tiles of pixels at the ends
/// of rows and columns are shifted inwards and compute some values twice, equal to the bit. Returns the
/// innermost loop over blocks; c, x and y are then the loops inside a block.
Halide::Var launchInBlocks(Halide::Func func, const PixelDimensions &d, const BlockTile &block);

/// Spreads `stage` inside a block over threads, each with a tile of `thread`; the loops `apart` go to threads
/// too. All tiles must divide what they are tiles of. Returns the loop over threads.
Halide::VarOrRVar spreadOverThreads(Halide::Stage stage, Halide::VarOrRVar c, const PixelDimensions &d,
                                    const ThreadTile &thread, const std::vector<Halide::Var> &apart = {});

/// Spreads the copying of `channels` x `places` values evenly over `threads`, in the order of `loops`, of
/// which the first runs along the channels.
void copyWithThreads(Halide::Stage stage, const std::vector<Halide::VarOrRVar> &loops, int64_t channels,
                     int64_t places, int64_t threads);

/// Puts a Func of pixels with `channels` into the shared memory of a block. Pixels lie apart by some channels
/// more, so that threads that read several pixels at once reach different banks.
void keepShared(Halide::Func func, const PixelDimensions &d, Halide::LoopLevel block, int64_t channels,
                const BlockTile &tile);
/// Elements by which those pixels are apart.
int64_t sharedStride(int64_t channels);

/// What the terms of one part of a sum are made of.
struct TermLoops {
  Halide::Func source;     ///< reads what lies side by side into registers; if fetch > 1
  int along = 0;           ///< dimension of the source in which the terms run fastest
  int loop = 0;            ///< dimension of the part's domain that runs along it
  int64_t fetch = 1;       ///< terms whose values of a pixel one load brings; divides the extent of the loop
  int64_t unroll = 1;      ///< most such loads per iteration, over all loops of the domain: see unrolledOf
  bool sharesTaps = false; ///< the window's columns share the loaded values
};

/// Terms that run along dimension `along` of `source`, a Func or an input, which the part reads.
template <typename Source>
TermLoops alongDimension(Source source, int along, int loop, const ProductSum::Part &part, int64_t unroll) {
  TermLoops terms;
  terms.along = along, terms.loop = loop, terms.unroll = unroll;
  terms.fetch = vectorOf(*Halide::Internal::as_const_int(part.domain[loop].extent()));
  terms.source = terms.fetch > 1 ? source.in(part.accumulator) : Halide::Func();
  return terms;
}
template <typename Source>
TermLoops alongChannels(Source source, const ProductSum::Part &part, int64_t unroll) {
  return alongDimension(source, 0, 0, part, unroll);
}

/// Computes `stage` of `wrapper`, which reads `sum`, with the threads of a block. Pieces of the sum are added
/// up in shared memory at `block`.
void computeSum(const ProductSum &sum, Halide::Func wrapper, Halide::Stage stage, Halide::VarOrRVar c,
                const PixelDimensions &d, const Halide::LoopLevel &block, const BlockTile &tile,
                const ThreadTile &thread, const std::vector<TermLoops> &parts);

} // namespace fasternet
