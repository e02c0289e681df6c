#include "schedules/cuda/TileSearch.h"
#include "schedules/cuda/ThreadTiling.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>
#include <set>

using namespace fasternet;

std::vector<int64_t> fasternet::divisorsOf(int64_t value, int64_t most) {
  std::vector<int64_t> divisors;
  for (int64_t divisor = 1; divisor <= std::min(value, most); ++divisor)
    if (value % divisor == 0)
      divisors.push_back(divisor);
  return divisors;
}

/// Lengths into which to cut `extent`: even parts, and where there are none, parts that a shifted last one completes.
static std::set<int64_t> lengthsOf(int64_t extent, int64_t most) {
  std::set<int64_t> lengths;
  for (int64_t divisor : divisorsOf(extent, most))
    lengths.insert(divisor);
  for (int64_t parts = int64_t(llvm::divideCeil(extent, most)), more = 0; more < 4 && parts <= extent; ++parts, ++more)
    lengths.insert(int64_t(llvm::divideCeil(extent, parts)));
  return lengths;
}

void fasternet::eachPixelTile(const Plane &plane, llvm::function_ref<void(int64_t, int64_t)> visit) {
  constexpr int64_t mostPixels = 32, mostRows = 8, mostPlaces = 64;
  for (int64_t pixels : lengthsOf(plane.width, mostPixels))
    for (int64_t rows : lengthsOf(plane.height, mostRows))
      if (pixels * rows <= mostPlaces)
        visit(pixels, rows);
}

std::optional<RankedSum> fasternet::bestThreadTile(const Target &target, const SumShape &shape,
                                                   const BlockTile &block, int64_t threads, int64_t together) {
  constexpr int64_t mostChannels = 8, mostPixels = 8, mostPieces = 32, mostAccumulators = 64;
  std::optional<RankedSum> best;
  double bestCycles = 0;
  for (int64_t channels : divisorsOf(block.channels, mostChannels))
    for (int64_t pixels : divisorsOf(block.pixels, mostPixels))
      for (int64_t pieces : divisorsOf(shape.terms, shape.isCuttable ? mostPieces : 1)) {
        const ThreadTile thread{channels, pixels, pieces};
        if (channels * pixels > mostAccumulators || threadsOf(block, thread) > threads)
          continue;
        const Phase phase = sumPhase(target, shape, block, thread);
        const double cycles = phaseCycles(phase, together);
        if (!best || cycles < bestCycles)
          best = RankedSum{thread, phase}, bestCycles = cycles;
      }
  return best;
}

/// Channels of a block that are worth a try: whole vectors where there are any.
static std::vector<int64_t> channelTiles(int64_t channels, bool divided) {
  constexpr int64_t mostChannels = 512;
  if (!divided)
    return {channels};
  std::vector<int64_t> tiles = divisorsOf(channels, mostChannels);
  llvm::erase_if(tiles, [&](int64_t tile) { return tile % vectorOf(channels) != 0; });
  return tiles;
}

double fasternet::findTiles(const Target &target, const Plane &plane, int64_t copied, bool divided,
                            std::vector<LaunchSum> &sums,
                            llvm::function_ref<int64_t(const std::vector<LaunchSum> &)> sharedBytes) {
  constexpr int64_t usualThreads = 1024; // on a multiprocessor
  double best = std::numeric_limits<double>::infinity();
  std::vector<LaunchSum> tried = sums;
  auto tryTiles = [&](int64_t channels, int64_t pixels, int64_t rows, int64_t threads) {
    const int64_t blocks = sums.back().channels / channels * int64_t(llvm::divideCeil(plane.width, pixels)) *
                           int64_t(llvm::divideCeil(plane.height, rows)) * plane.batch;
    const int64_t together = std::clamp<int64_t>(int64_t(llvm::divideCeil(blocks, target.cores)), 1,
                                                 usualThreads / threads);
    std::vector<Phase> phases;
    int64_t used = 1;
    for (LaunchSum &sum : tried) {
      sum.block = {&sum == &tried.back() ? channels : sum.channels, pixels, rows};
      auto ranked = bestThreadTile(target, sum.shape, sum.block, threads, together);
      if (!ranked)
        return;
      sum.thread = ranked->thread;
      used = std::max(used, ranked->phase.threads);
      phases.push_back(ranked->phase);
    }
    const int64_t bytes = sharedBytes(tried);
    if (bytes > target.blockSharedBytes())
      return;
    if (copied > 0)
      phases.insert(phases.begin(), copyPhase(double(copied * pixels * rows), used));
    const double cycles = launchCycles(target, blocks, phases, bytes);
    if (cycles < best)
      best = cycles, sums = tried;
  };
  eachPixelTile(plane, [&](int64_t pixels, int64_t rows) {
    for (int64_t channels : channelTiles(sums.back().channels, divided))
      for (int64_t threads : {32, 64, 128, 256, 512, 1024})
        tryTiles(channels, pixels, rows, threads);
  });
  return best;
}
