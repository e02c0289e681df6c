// Default parameters of the CPU schedules, from the registers, the caches and the divisors of each shape.
#include "schedules/cpu/PartialConvolution.h"
#include "schedules/cpu/Strategies.h"
#include "schedules/cpu/Tasks.h"

#include "kernels/ProductSum.h"
#include "support/PackedLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

namespace {

/// Tiles for sums of so many terms. Of halves that are added up in chunks LLVM spills pixels beside two
/// vectors, which a core in order waits for: A55 is predicted 0.46 of its peak with them at 7x7, C=320, and
/// 0.53 without; N1 and V1 lose 3 to 5 %.
std::vector<RankedTile> tilesFor(const Target &target, int64_t vector, int64_t channels, int64_t pixels,
                                 int64_t terms) {
  std::vector<RankedTile> tiles = rankTiles(target, vector, channels, pixels);
  constexpr int64_t floats = 4;
  if (target.inOrder && vector > floats && terms > mostHalfTerms)
    llvm::erase_if(tiles, [](const RankedTile &ranked) { return ranked.tile.vectors > 1; });
  return tiles;
}

RankedTile bestTile(const Target &target, int64_t vector, int64_t channels, int64_t pixels, int64_t terms) {
  return tilesFor(target, vector, channels, pixels, terms).front();
}

/// A tile for channels whose tiles are the tasks. 4x7 and 2x7 differ by 1 % at C=320, where they make 5 and
/// 10 tiles.
RegisterTile taskTile(const Target &target, int64_t vector, int64_t channels, int64_t pixels, int64_t terms) {
  return evenTile(tilesFor(target, vector, channels, pixels, terms), channels, vector, /*most=*/1.1);
}

/// NEON multiplies by an element of a register: one load brings the values of a pixel for four steps, of half
/// precision for eight. x86 broadcasts from memory for nothing.
int64_t stepsPerLoad(const Target &target) {
  return target.family == TargetFamily::Arm ? target.vectorFloats : 1;
}

/// NEON counts and jumps with instructions that compete with multiply-adds for the front end: eight steps per
/// iteration in place of four raise N1's predicted share at C=160 from 83.8 to 86.7 %. Halves have eight in a
/// load; sixteen would spill.
int64_t groupsPerIteration(const Target &target) {
  return target.family == TargetFamily::Arm ? 8 / stepsPerLoad(target) : 1;
}

/// Weights come from beyond L2 once per call, and faster than memory delivers where a tile's first pixels
/// wait for them. Measured on Zen 5 with weights beyond L3: 7x7 blocks of C=768 0.84 to 0.97 of the peak, of
/// C=320 0.85 to 0.92, 14x14 of C=160 0.87 to 0.92; with weights in L2 nothing is lost. Halide emits
/// prefetchnta, whose lines Zen 5's L2 keeps. That differs between CPUs: Intel's servers bring them to L1
/// alone, which the weights of a tile overflow.
int64_t readsAhead(const Target &target) {
  return target.tuneFor == "zen5";
}

/// The widest divisor of `height` whose strip fits.
int64_t largestStrip(int64_t height, int64_t most) {
  int64_t strip = 1;
  for (int64_t rows = 1; rows <= std::min(height, most); ++rows)
    if (height % rows == 0)
      strip = rows;
  return strip;
}

/// A strip reads all weights once, so where they do not stay in L2 it holds many pixels, and where that
/// leaves few strips it holds the image. Measured on Zen 4 (share of peak, one row against that): 7x7 pixels
/// 0.82 to 0.88 at C=320 and 0.59 to 0.91 at C=1536; 14x14 pixels, seven rows, 0.85 to 0.89 at C=768, no gain
/// at C=384, whose 2.3 MB come from L3 fast enough. On Zen 5 the image takes 2 % less than seven rows at
/// C=768, on one thread.
void chooseStrip(const KernelSpec &spec, const Target &target, BlockParameters &parameters) {
  const int64_t weightBytes = elementBytes(spec.weights) * 2 * spec.channels * spec.hidden;
  const int64_t hiddenRowBytes = elementBytes(spec.computeType()) * spec.width * spec.hidden;
  parameters.pixels = spec.width;
  // 14 strips divide evenly among two threads.
  parameters.rows = largestStrip(spec.height, std::clamp<int64_t>(target.l2Bytes / 4 / hiddenRowBytes, 1,
                                                                  std::max<int64_t>(spec.height / 14, 1)));
  constexpr int64_t fewestStrips = 4;
  const bool rereads = weightBytes > 4 * target.l2Bytes;
  if (rereads)
    parameters.rows = largestStrip(spec.height, std::max<int64_t>(target.l2Bytes / hiddenRowBytes, 1));
  if ((weightBytes > target.l2Bytes && isSmall(spec.height, spec.width)) ||
      (rereads && spec.height / parameters.rows < fewestStrips)) {
    // One strip, whose tiles of channels are the tasks.
    parameters.rows = spec.height;
    parameters.share = 1;
    parameters.first =
        taskTile(target, parameters.vector, spec.hidden, spec.width, spec.channels - spec.partial);
    parameters.second = taskTile(target, parameters.vector, spec.channels, spec.width, spec.hidden);
  }
}

} // namespace

BlockParameters fasternet::defaultCpuBlock(const KernelSpec &spec, const Target &target) {
  BlockParameters best;
  best.winograd = worthwhileWinograd(spec);
  double bestCost = 1e30;
  for (int64_t vector = target.vectorFloats; vector >= std::min<int64_t>(8, target.vectorFloats);
       vector /= 2) {
    const RankedTile partial = bestTile(target, vector, spec.partial,
                                        best.winograd ? (spec.width + 1) / 2 : spec.width, 9 * spec.partial);
    const RankedTile first = bestTile(target, vector, spec.hidden, spec.width, spec.channels - spec.partial);
    const RankedTile second = bestTile(target, vector, spec.channels, spec.width, spec.hidden);
    const double pointwise = double(spec.channels) * double(spec.hidden);
    const double cost = (best.winograd ? 4.0 : 9.0) * spec.partial * spec.partial * partial.cost +
                        pointwise * (first.cost + second.cost);
    if (cost < bestCost) {
      bestCost = cost;
      best.vector = vector;
      best.partial = partial.tile, best.first = first.tile, best.second = second.tile;
    }
  }
  chooseStrip(spec, target, best);
  best.fetch = stepsPerLoad(target);
  best.unroll = groupsPerIteration(target);
  best.ahead = readsAhead(target);
  // Pixels that lie a multiple of 512 bytes apart fall into an eighth of L1's sets or fewer: the broadcasts
  // of a tile's pixels push each other out. Measured on Zen 4 at C=512, 14x14: 0.86 of the peak without, 0.97
  // with it.
  if (llvm::alignTo(spec.hidden, PackedLayout{}.panel) * uint64_t(elementBytes(spec.computeType())) % 512 ==
      0)
    best.pad = PackedLayout{}.panel;
  return best;
}

PatchConvParameters fasternet::defaultCpuPatchConv(const KernelSpec &spec, const Target &target) {
  const int64_t terms = spec.channels * spec.kernel * spec.kernel;
  PatchConvParameters best;
  double bestCost = 1e30;
  for (int64_t vector = target.vectorFloats; vector >= std::min<int64_t>(8, target.vectorFloats);
       vector /= 2) {
    const RankedTile tile = bestTile(target, vector, spec.outputs, spec.outputWidth(), terms);
    if (tile.cost < bestCost) {
      bestCost = tile.cost;
      best.vector = vector;
      best.tile = tile.tile;
    }
  }
  // A tile reads 12 rows of an image at once, a line or two of each: too many short streams for the hardware
  // to foresee. Read in order into scratch first, the embedding of T0 takes 0.095 ms inside the model in
  // place of 0.24 on Zen 5, and 6 % longer than without where the image lies in L2.
  best.fetch = stepsPerLoad(target);
  best.unroll = groupsPerIteration(target);
  best.ahead = readsAhead(target);
  best.stage = spec.inputLayout == TensorLayout::NCHW;
  if (isSmall(spec.outputHeight(), spec.outputWidth())) {
    // Each weight is read once. Measured on Zen 4, 7x7 results: 0.94 to 0.98 of the peak at 320 channels.
    best.strip = spec.outputHeight();
    best.share = 1;
    best.tile = taskTile(target, best.vector, spec.outputs, spec.outputWidth(), terms);
  }
  return best;
}

/// A tile reads as many streams of weights as it has panels: 3 to 10 are read at 70 to 80 GB/s from Zen 4's
/// L3, 1 or 16 at 55. Within that, tasks enough to divide evenly among threads.
HeadParameters fasternet::defaultCpuHead(const KernelSpec &spec, const Target &target) {
  constexpr int64_t mostVectors = 8, wantedTasks = 16;
  HeadParameters parameters;
  parameters.vector = target.vectorFloats;
  auto vectorsOf = [&](int64_t channels) {
    const int64_t padded = llvm::alignTo(channels, PackedLayout{}.panel);
    const int64_t most = std::clamp<int64_t>(padded / parameters.vector / wantedTasks, 1, mostVectors);
    int64_t chosen = 1;
    for (int64_t vectors = 1; vectors <= most; ++vectors)
      if (int64_t(llvm::alignTo(channels, parameters.vector * vectors)) <= padded)
        chosen = vectors;
    return chosen;
  };
  parameters.first = vectorsOf(spec.features);
  parameters.second = spec.outputs ? vectorsOf(spec.outputs) : 1;
  return parameters;
}

AffineParameters fasternet::defaultCpuAffine(const KernelSpec &spec, const Target &target) {
  AffineParameters parameters;
  parameters.vector = std::min<int64_t>(target.vectorFloats, llvm::bit_floor(uint64_t(spec.width)));
  return parameters;
}
