// The space of the benchmark's schedule: defaults, limits, steps.
#include "ConvolutionSchedule.h"

#include "schedules/cpu/TileModel.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;
using namespace fasternet::benchmark;
using Lanes = ConvolutionCase::Lanes;

namespace {

/// As many as the compiler's own space looks at, with rows added.
constexpr size_t mostTiles = 14;

/// A vector across groups reads one input for each lane: no lane may be without a group.
bool fits(const ConvolutionCase &shape, const Target &target, int64_t vector) {
  return vector >= 1 && llvm::isPowerOf2_64(uint64_t(vector)) && vector <= target.vectorFloats &&
         (shape.lanes == Lanes::WithinGroup || shape.groups % vector == 0);
}

std::vector<int64_t> vectorWidths(const ConvolutionCase &shape, const Target &target) {
  std::vector<int64_t> widths;
  for (int64_t width = target.vectorFloats; width >= 4; width /= 2)
    if (fits(shape, target, width))
      widths.push_back(width);
  if (widths.empty())
    widths.push_back(1);
  return widths;
}

/// Across groups there is no operand to broadcast, and neighbouring pixels and rows share their inputs: large
/// tiles load least.
std::vector<RegisterTile> acrossTiles(const ConvolutionCase &shape, const Target &target) {
  std::vector<RegisterTile> tiles;
  for (int64_t rows : {1, 2, 4, 7})
    for (int64_t vectors : {1, 2, 4})
      for (int64_t pixels : {7, 4, 2, 14, 1})
        if (vectors * pixels * rows >= 4 && vectors * pixels * rows <= target.vectorRegisters - 4 &&
            shape.height % rows == 0)
          tiles.push_back({vectors, pixels, rows});
  return tiles;
}

std::vector<RegisterTile> withinTiles(const ConvolutionCase &shape, const Target &target, int64_t vector) {
  std::vector<RegisterTile> tiles;
  const auto ranked = rankTiles(target, vector, shape.blockChannels(), shape.width);
  for (size_t i = 0; i < std::min(ranked.size(), mostTiles); ++i) {
    const RegisterTile tile = ranked[i].tile;
    tiles.push_back(tile);
    if (tile.pixels % 2 == 0 && shape.height % 2 == 0)
      tiles.push_back({tile.vectors, tile.pixels / 2, 2});
    // With few channels the accumulators are pixels: a row of the image may be too short for them.
    for (int64_t rows : {2, 4})
      if ((tile.accumulators() + tile.vectors) * rows <= target.vectorRegisters && shape.height % rows == 0)
        tiles.push_back({tile.vectors, tile.pixels, rows});
  }
  return tiles;
}

std::vector<RegisterTile> tilesOf(const ConvolutionCase &shape, const Target &target, int64_t vector) {
  return shape.lanes == Lanes::AcrossGroups ? acrossTiles(shape, target) : withinTiles(shape, target, vector);
}

/// The first that the kernel can run with; one result at a time always can.
void takeTile(const ConvolutionCase &shape, const Target &target, ConvolutionParameters &p) {
  for (const RegisterTile &tile : tilesOf(shape, target, p.vector)) {
    p.tile = tile;
    p.strip = std::max(p.strip, tile.rows);
    if (llvm::Error error = checkConvolution(shape, target, p))
      llvm::consumeError(std::move(error));
    else
      return;
  }
  p.tile = {1, 1, 1}, p.blocks = 1;
}

} // namespace

ConvolutionParameters benchmark::defaultConvolution(const ConvolutionCase &shape, const Target &target) {
  const bool across = shape.lanes == Lanes::AcrossGroups;
  ConvolutionParameters p;
  double bestCost = 1e30;
  for (int64_t vector : vectorWidths(shape, target)) {
    const double cost = across ? 1.0 / double(vector)
                               : rankTiles(target, vector, shape.blockChannels(), shape.width).front().cost;
    if (cost < bestCost)
      bestCost = cost, p.vector = vector;
  }
  p.taps = across ? 9 : 1;
  p.order = across ? 1 : 0;
  takeTile(shape, target, p);
  return p;
}

llvm::Error benchmark::checkConvolution(const ConvolutionCase &shape, const Target &target,
                                        const ConvolutionParameters &p) {
  const int64_t vectors = llvm::divideCeil(shape.blockChannels(), std::max<int64_t>(p.vector, 1));
  if (!fits(shape, target, p.vector))
    return inputError("schedule: vector=" + llvm::Twine(p.vector) + " does not fit");
  if (p.tile.vectors < 1 || p.tile.vectors > vectors || p.tile.pixels < 1 || p.tile.pixels > shape.width ||
      p.tile.rows < 1 || p.strip % p.tile.rows != 0)
    return inputError("schedule: the tile does not fit the tensor or the strip");
  // An update's last tile is guarded, not shifted: its sums must not reach beyond the weights or the row.
  if (shape.copied && (int64_t(llvm::alignTo(shape.convolved, p.vector * p.tile.vectors)) >
                           int64_t(llvm::alignTo(shape.convolved, PackedLayout{}.panel)) ||
                       shape.width % p.tile.pixels != 0))
    return inputError("schedule: the tile reaches beyond the weights or the row");
  if (p.blocks < 1 || shape.blocks() % p.blocks != 0 ||
      (p.blocks > 1 && p.blocks * p.tile.accumulators() > target.vectorRegisters))
    return inputError("schedule: blocks=" + llvm::Twine(p.blocks) + " does not fit");
  if (p.strip < 1 || shape.height % p.strip != 0)
    return inputError("schedule: strip=" + llvm::Twine(p.strip) + ", expected a divisor of " +
                      llvm::Twine(shape.height));
  if (p.order > 1 || p.unroll < 1 || shape.groupChannels() % p.unroll != 0 ||
      (p.taps != 1 && p.taps != 3 && p.taps != 9))
    return inputError("schedule: order, unroll or taps out of range");
  // LLVM would take minutes, and the code leave the instruction cache.
  if (p.unroll * p.taps * p.blocks * p.tile.accumulators() > 512)
    return inputError("schedule: more than 512 multiply-adds unrolled");
  return llvm::Error::success();
}

std::vector<ConvolutionParameters> benchmark::stepsConvolution(const ConvolutionCase &shape,
                                                               const Target &target,
                                                               const ConvolutionParameters &from) {
  std::vector<ConvolutionParameters> steps;
  auto step = [&](auto change) {
    ConvolutionParameters next = from;
    change(next);
    steps.push_back(next);
  };
  for (int64_t vector : vectorWidths(shape, target))
    step([&](auto &p) { p.vector = vector, takeTile(shape, target, p); });
  for (int64_t taps : {1, 3, 9})
    step([&](auto &p) { p.taps = taps; });
  step([&](auto &p) { p.order = 1 - p.order; });
  for (const RegisterTile &tile : tilesOf(shape, target, from.vector))
    step([&](auto &p) {
      p.tile = tile;
      if (p.strip % tile.rows != 0)
        p.strip = tile.rows;
    });
  // A tile of the same size with more blocks has fewer pixels.
  for (int64_t blocks : {1, 2, 3, 4, 5, 6, 8})
    for (int64_t pixels : {from.tile.pixels, int64_t(7), int64_t(4), int64_t(2)})
      if (shape.lanes == Lanes::AcrossGroups && shape.blocks() > 1)
        step([&](auto &p) { p.blocks = blocks, p.tile.pixels = pixels; });
  for (int64_t strip = 1; strip <= shape.height; ++strip)
    step([&](auto &p) { p.strip = strip; });
  for (int64_t unroll : {1, 2, 3, 4, 5, 8})
    step([&](auto &p) { p.unroll = unroll; });
  return steps;
}
