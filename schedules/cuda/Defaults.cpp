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
/// Members of a block's parameters that one launch decides, and what it costs.
class BlockSearch {
public:
  BlockSearch(const KernelSpec &spec, const Target &target)
      : spec(spec), target(target), plane{spec.width, spec.height, spec.batch} {}

  /// The best of one form; cycles are infinite where it fits nowhere.
  double search(int64_t launches, int64_t stage, CudaBlockParameters &p) {
    p.launches = launches, p.stage = stage;
    const int64_t input = stage ? spec.channels * floatBytes : 0,
                  hidden = stage ? spec.hidden * floatBytes : 0;
    double cycles = 0;
    if (launches == 1) {
      cycles = launch(p, input, {&p.partial, &p.first, &p.second});
    } else {
      cycles = launches == 2 ? launch(p, input, {&p.partial, &p.first})
                             : launch(p, 0, {&p.partial}) + launch(p, input, {&p.first});
      cycles += launch(p, hidden, {&p.second});
    }
    p.partialUnroll = unrollFor(partialShape(spec), p.partial);
    p.firstUnroll = unrollFor(firstShape(spec, p), p.first),
    p.secondUnroll = unrollFor(secondShape(spec, p), p.second);
    return cycles;
  }

private:
  double launch(CudaBlockParameters &p, int64_t copied, std::vector<ThreadTile *> threads) {
    std::vector<LaunchSum> sums;
    for (ThreadTile *thread : threads)
      sums.push_back(thread == &p.partial ? LaunchSum{partialShape(spec), spec.partial}
                     : thread == &p.first ? LaunchSum{firstShape(spec, p), spec.hidden}
                                          : LaunchSum{secondShape(spec, p), spec.channels});
    auto assign = [&](CudaBlockParameters &to, const std::vector<LaunchSum> &from) {
      for (size_t i = 0; i < from.size(); ++i) {
        if (threads[i] == &p.partial)
          to.partial = from[i].thread, to.partialBlock = from[i].block;
        else if (threads[i] == &p.first)
          to.first = from[i].thread, to.firstBlock = from[i].block;
        else
          to.second = from[i].thread, to.secondBlock = from[i].block;
      }
    };
    const int64_t last = threads.back() == &p.partial ? 0 : threads.back() == &p.first ? 1 : 2;
    const double cycles = findTiles(target, plane, copied, p.launches > 1, blockTensorBytes(spec, p, last),
                                    sums, [&](const auto &tried) {
                                      CudaBlockParameters with = p;
                                      assign(with, tried);
                                      const BlockSharedBytes bytes = sharedBytes(spec, with);
                                      return threads.back() == &p.partial ? bytes.partial
                                             : threads.back() == &p.first ? bytes.first
                                                                          : bytes.second;
                                    });
    assign(p, sums);
    return cycles;
  }

  const KernelSpec &spec;
  const Target &target;
  Plane plane;
};

} // namespace

std::vector<CudaBlockParameters> fasternet::bestCudaBlocks(const KernelSpec &spec, const Target &target) {
  std::vector<std::pair<double, CudaBlockParameters>> forms;
  for (auto [launches, stage] : {std::pair(1, 1), std::pair(2, 1), std::pair(3, 1), std::pair(3, 0)}) {
    CudaBlockParameters p;
    const double cycles = BlockSearch(spec, target).search(launches, stage, p);
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
