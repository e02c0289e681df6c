// Default parameters of the CUDA schedules: what the launch model ranks first.
#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/TileSearch.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <limits>

using namespace fasternet;

namespace {

constexpr int64_t floatBytes = 4;

/// Finds the tiles of one form of a block. Cycles are infinite where they fit nowhere.
double findBlock(const KernelSpec &spec, const Target &target, CudaBlockParameters &p) {
  double cycles = 0;
  for (int first = 0, last = 0; first <= lastBlockSum; first = last + 1) {
    last = lastOfLaunch(p, first);
    std::vector<LaunchSum> sums;
    for (int i = first; i <= last; ++i)
      sums.push_back({sumShape(spec, p, i), sumChannels(spec, i)});
    auto assign = [&](CudaBlockParameters &to, const std::vector<LaunchSum> &from) {
      for (int i = first; i <= last; ++i)
        to.*blockSums[i].thread = from[size_t(i - first)].thread,
        to.*blockSums[i].block = from[size_t(i - first)].block;
    };
    auto shared = [&](const std::vector<LaunchSum> &tried) {
      CudaBlockParameters with = p;
      assign(with, tried);
      return sharedBytes(spec, with, first, last);
    };
    cycles += findTiles(target, {spec.width, spec.height, spec.batch},
                        floatBytes * copiedChannels(spec, p, first, last), /*divided=*/p.launches > 1,
                        launchTensorBytes(spec, first, last), sums, shared);
    assign(p, sums);
    for (int i = first; i <= last; ++i)
      p.*blockSums[i].unroll = unrollFor(sumShape(spec, p, i), p.*blockSums[i].thread);
  }
  return cycles;
}

} // namespace

std::vector<CudaBlockParameters> fasternet::bestCudaBlocks(const KernelSpec &spec, const Target &target) {
  std::vector<std::pair<double, CudaBlockParameters>> forms;
  for (auto [launches, stage] : {std::pair(1, 1), std::pair(2, 1), std::pair(3, 1), std::pair(3, 0)}) {
    CudaBlockParameters p;
    p.launches = launches, p.stage = stage;
    const double cycles = findBlock(spec, target, p);
    if (cycles < std::numeric_limits<double>::infinity())
      forms.emplace_back(cycles, p);
  }
  llvm::stable_sort(forms, [](const auto &a, const auto &b) { return a.first < b.first; });
  std::vector<CudaBlockParameters> points;
  for (const auto &[cycles, p] : forms)
    points.push_back(p);
  return points;
}

CudaBlockParameters fasternet::defaultCudaBlock(const KernelSpec &spec, const Target &target) {
  return bestCudaBlocks(spec, target).front();
}

CudaPatchConvParameters fasternet::defaultCudaPatchConv(const KernelSpec &spec, const Target &target) {
  CudaPatchConvParameters best;
  double bestCycles = std::numeric_limits<double>::infinity();
  const bool isImage = spec.inputLayout == TensorLayout::NCHW;
  const int64_t window = spec.kernel * spec.kernel;
  for (int64_t stage = 0; stage <= (isImage ? 0 : 1); ++stage) {
    CudaPatchConvParameters p;
    p.stage = stage;
    const SumShape shape = windowShape(spec, p);
    std::vector<LaunchSum> sums = {{shape, spec.outputs}};
    const double cycles = findTiles(target, {spec.outputWidth(), spec.outputHeight(), spec.batch},
                                    stage ? spec.channels * window * floatBytes : 0,
                                    /*divided=*/true, double(spec.bytes()), sums, [&](const auto &tried) {
                                      CudaPatchConvParameters with = p;
                                      with.thread = tried[0].thread, with.block = tried[0].block;
                                      return sharedBytes(spec, with);
                                    });
    p.thread = sums[0].thread, p.block = sums[0].block;
    p.unroll = unrollFor(shape, p.thread);
    if (cycles < bestCycles)
      best = p, bestCycles = cycles;
  }
  return best;
}

CudaHeadParameters fasternet::defaultCudaHead(const KernelSpec &spec, const Target &target) {
  CudaHeadParameters p;
  constexpr int64_t warp = 32;
  p.threads = std::min<int64_t>(spec.channels, warp);
  auto find = [&](int64_t outputs, int64_t inputs, BlockTile &block, ThreadTile &thread) {
    std::vector<LaunchSum> sums = {{valuesShape(inputs), outputs}};
    findTiles(target, {spec.batch, 1, 1}, 0, /*divided=*/true, double(floatBytes * outputs * inputs), sums,
              [&](const auto &tried) {
                const ThreadTile &t = tried[0].thread;
                return t.pieces > 1
                           ? tried[0].block.channels * tried[0].block.places() * t.pieces * floatBytes
                           : 0;
              });
    block = sums[0].block, thread = sums[0].thread;
  };
  find(spec.features, spec.channels, p.firstBlock, p.first);
  if (spec.outputs)
    find(spec.outputs, spec.features, p.secondBlock, p.second);
  // A launch less, where few blocks read the whole image each.
  CudaHeadParameters joined = p;
  joined.launches = 2;
  joined.threads = threadsOf(p.firstBlock, p.first);
  return sharedBytes(spec, joined) <= target.blockSharedBytes() &&
                 planCycles(target, planLaunches(spec, target, joined)) <
                     planCycles(target, planLaunches(spec, target, p))
             ? joined
             : p;
}

/// A warp reads 32 channels of a pixel, and writes 32 pixels of a plane.
CudaAffineParameters fasternet::defaultCudaAffine(const KernelSpec &spec, const Target &) {
  constexpr int64_t warp = 32;
  return {{std::min(spec.channels, warp), std::min(spec.width, warp), 1}};
}
