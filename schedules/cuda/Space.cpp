// The neighbourhood that a search may try: tiles of blocks and threads, pieces of sums, and other numbers of
// launches, in the order of the launch model.
#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"
#include "schedules/cuda/TileSearch.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace fasternet;

namespace {

/// Points that pass the check, by what the model says of them.
template <typename Parameters, typename Check>
std::vector<Parameters> ranked(const KernelSpec &spec, const Target &target,
                               const std::vector<Parameters> &points, Check check) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < points.size(); ++i) {
    if (llvm::Error error = check(spec, target, points[i]))
      llvm::consumeError(std::move(error));
    else
      order.emplace_back(planCycles(target, planLaunches(spec, target, points[i])), i);
  }
  llvm::stable_sort(order, [](const auto &a, const auto &b) { return a.first < b.first; });
  std::vector<Parameters> result;
  for (const auto &[cycles, i] : order)
    result.push_back(points[i]);
  return result;
}

/// Another tile of a block, and the thread's as near to what it was as divides it.
void setBlock(BlockTile &block, ThreadTile &thread, const BlockTile &next) {
  block = next;
  thread.pixels = largestDivisor(next.pixels, thread.pixels);
  thread.channels = largestDivisor(next.channels, thread.channels);
}

/// Calls `visit` for each tile that differs from `block` in one side.
void eachBlockTile(const Plane &plane, int64_t channels, const BlockTile &block,
                   llvm::function_ref<void(const BlockTile &)> visit) {
  std::set<int64_t> pixels, rows;
  eachPixelTile(plane, [&](int64_t across, int64_t down) { pixels.insert(across), rows.insert(down); });
  for (int64_t across : pixels)
    visit({block.channels, across, block.rows});
  for (int64_t down : rows)
    visit({block.channels, block.pixels, down});
  for (int64_t tile : channelTiles(channels, /*divided=*/true))
    visit({tile, block.pixels, block.rows});
}

/// Calls `visit` for each tile that differs from `thread` in one side, or is as large with other sides.
void eachThreadTile(const BlockTile &block, int64_t terms, const ThreadTile &thread,
                    llvm::function_ref<void(const ThreadTile &)> visit) {
  constexpr int64_t mostSide = 8, mostPieces = 32;
  for (int64_t channels : divisorsOf(block.channels, mostSide))
    for (int64_t pixels : divisorsOf(block.pixels, mostSide))
      if (channels == thread.channels || pixels == thread.pixels ||
          channels * pixels == thread.channels * thread.pixels)
        visit({channels, pixels, thread.pieces});
  for (int64_t pieces : divisorsOf(terms, mostPieces))
    visit({thread.channels, thread.pixels, pieces});
}

constexpr int64_t unrolls[] = {1, 2, 3, 4, 5, 6, 8, 12};

} // namespace

std::vector<CudaBlockParameters> fasternet::stepsCudaBlock(const KernelSpec &spec, const Target &target,
                                                           const CudaBlockParameters &from) {
  std::vector<CudaBlockParameters> steps = bestCudaBlocks(spec, target);
  auto step = [&](auto change) {
    CudaBlockParameters next = from;
    change(next);
    steps.push_back(next);
  };
  const Plane plane{spec.width, spec.height, spec.batch};
  const int64_t terms[] = {spec.partial, spec.channels, spec.hidden};
  for (int sum = 0; sum <= lastBlockSum; ++sum) {
    const BlockSum &members = blockSums[sum];
    eachThreadTile(from.*members.block, terms[sum], from.*members.thread, [&](const ThreadTile &tile) {
      step([&](CudaBlockParameters &p) { p.*members.thread = tile; });
    });
    eachBlockTile(plane, sumChannels(spec, sum), from.*members.block, [&](const BlockTile &tile) {
      step([&](CudaBlockParameters &p) {
        // The sums of one launch work on the same pixels.
        for (int i = 0; i <= lastBlockSum; ++i)
          if (lastOfLaunch(p, i) == lastOfLaunch(p, sum))
            setBlock(p.*blockSums[i].block, p.*blockSums[i].thread,
                     {i == sum ? tile.channels : (p.*blockSums[i].block).channels, tile.pixels, tile.rows});
      });
    });
    for (int64_t unroll : unrolls)
      step([&](CudaBlockParameters &p) { p.*members.unroll = unroll; });
  }
  return ranked(spec, target, steps, checkCudaBlock);
}

std::vector<CudaPatchConvParameters> fasternet::stepsCudaPatchConv(const KernelSpec &spec,
                                                                   const Target &target,
                                                                   const CudaPatchConvParameters &from) {
  std::vector<CudaPatchConvParameters> steps;
  auto step = [&](auto change) {
    CudaPatchConvParameters next = from;
    change(next);
    steps.push_back(next);
  };
  eachThreadTile(from.block, spec.channels, from.thread,
                 [&](const ThreadTile &tile) { step([&](CudaPatchConvParameters &p) { p.thread = tile; }); });
  eachBlockTile({spec.outputWidth(), spec.outputHeight(), spec.batch}, spec.outputs, from.block,
                [&](const BlockTile &tile) {
                  step([&](CudaPatchConvParameters &p) { setBlock(p.block, p.thread, tile); });
                });
  for (int64_t unroll : unrolls)
    step([&](CudaPatchConvParameters &p) { p.unroll = unroll; });
  step([&](CudaPatchConvParameters &p) { p.stage = !from.stage; });
  return ranked(spec, target, steps, checkCudaPatchConv);
}

std::vector<CudaHeadParameters> fasternet::stepsCudaHead(const KernelSpec &spec, const Target &target,
                                                         const CudaHeadParameters &from) {
  std::vector<CudaHeadParameters> steps;
  auto step = [&](auto change) {
    CudaHeadParameters next = from;
    change(next);
    steps.push_back(next);
  };
  auto product = [&](ThreadTile CudaHeadParameters::*thread, BlockTile CudaHeadParameters::*block,
                     int64_t outputs, int64_t inputs) {
    eachThreadTile(from.*block, inputs, from.*thread,
                   [&](const ThreadTile &tile) { step([&](CudaHeadParameters &p) { p.*thread = tile; }); });
    eachBlockTile({spec.batch, 1, 1}, outputs, from.*block, [&](const BlockTile &tile) {
      step([&](CudaHeadParameters &p) { setBlock(p.*block, p.*thread, tile); });
    });
  };
  product(&CudaHeadParameters::first, &CudaHeadParameters::firstBlock, spec.features, spec.channels);
  if (spec.outputs)
    product(&CudaHeadParameters::second, &CudaHeadParameters::secondBlock, spec.outputs, spec.features);
  step([&](CudaHeadParameters &p) { p.launches = 5 - from.launches; });
  for (int64_t threads : {32, 64, 128, 256})
    step([&](CudaHeadParameters &p) { p.threads = threads; });
  return ranked(spec, target, steps, checkCudaHead);
}

std::vector<CudaAffineParameters> fasternet::stepsCudaAffine(const KernelSpec &spec, const Target &,
                                                             const CudaAffineParameters &) {
  std::vector<CudaAffineParameters> steps;
  for (int64_t channels : {8, 16, 32, 64})
    for (int64_t pixels : {8, 16, 32})
      for (int64_t rows : {1, 2, 4})
        steps.push_back({{std::min(channels, spec.channels), std::min(pixels, spec.width), rows}});
  return steps;
}
