// Default parameters of the CUDA schedules: what the launch model ranks first.
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/TileSearch.h"

#include <algorithm>
#include <limits>

using namespace fasternet;

namespace {

constexpr int64_t floatBytes = 4;
/// Of the products: what the model of instructions gives for tiles that ptxas makes 0.8 of. Issue slots bound GPUs with
/// as many units as lanes that issue, and small tiles read shared memory too often on the others.
constexpr double wantedShare = 0.81;
/// Of the convolution and the windows of images, whose few channels leave no such tiles.
constexpr double wantedWindowShare = 0.7;

/// Members of a block's parameters that one launch decides, and what it costs.
class BlockSearch {
public:
  BlockSearch(const KernelSpec &spec, const Target &target)
      : spec(spec), target(target), plane{spec.width, spec.height, spec.batch} {}

  /// The best of one form; cycles are infinite where it fits nowhere.
  double search(int64_t launches, int64_t stage, CudaBlockParameters &p) {
    p.launches = launches, p.stage = stage;
    const int64_t input = stage ? spec.channels * floatBytes : 0, hidden = stage ? spec.hidden * floatBytes : 0;
    double cycles = 0;
    if (launches == 1) {
      cycles = launch(p, input, {&p.partial, &p.first, &p.second});
    } else {
      cycles = launches == 2 ? launch(p, input, {&p.partial, &p.first})
                             : launch(p, 0, {&p.partial}) + launch(p, input, {&p.first});
      cycles += launch(p, hidden, {&p.second});
    }
    p.firstUnroll = unrollFor(firstShape(p), p.first), p.secondUnroll = unrollFor(secondShape(p), p.second);
    return cycles;
  }

private:
  SumShape partialShape() const { return {.terms = spec.partial, .places = 3, .taps = 3, .isStaged = false, .wantedShare = wantedWindowShare}; }
  /// Without a slab the convolution's results and the rest of the input are groups of their own.
  SumShape firstShape(const CudaBlockParameters &p) const {
    return {.terms = spec.channels,
            .isStaged = p.stage != 0,
            .isCuttable = p.stage != 0,
            .wantedShare = wantedShare};
  }
  SumShape secondShape(const CudaBlockParameters &p) const {
    return {.terms = spec.hidden, .isStaged = p.stage != 0, .wantedShare = wantedShare};
  }

  double launch(CudaBlockParameters &p, int64_t copied, std::vector<ThreadTile *> threads) {
    std::vector<LaunchSum> sums;
    for (ThreadTile *thread : threads)
      sums.push_back(thread == &p.partial ? LaunchSum{partialShape(), spec.partial}
                     : thread == &p.first ? LaunchSum{firstShape(p), spec.hidden}
                                          : LaunchSum{secondShape(p), spec.channels});
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
    const double cycles = findTiles(target, plane, copied, p.launches > 1, sums, [&](const auto &tried) {
      CudaBlockParameters with = p;
      assign(with, tried);
      const BlockSharedBytes bytes = sharedBytes(spec, with);
      return threads.back() == &p.partial ? bytes.partial : threads.back() == &p.first ? bytes.first : bytes.second;
    });
    assign(p, sums);
    return cycles;
  }

  const KernelSpec &spec;
  const Target &target;
  Plane plane;
};

} // namespace

CudaBlockParameters fasternet::defaultCudaBlock(const KernelSpec &spec, const Target &target) {
  CudaBlockParameters best;
  double bestCycles = std::numeric_limits<double>::infinity();
  for (auto [launches, stage] : {std::pair(1, 1), std::pair(2, 1), std::pair(3, 1), std::pair(3, 0)}) {
    CudaBlockParameters p;
    const double cycles = BlockSearch(spec, target).search(launches, stage, p);
    if (cycles < bestCycles)
      best = p, bestCycles = cycles;
  }
  return best;
}

CudaPatchConvParameters fasternet::defaultCudaPatchConv(const KernelSpec &spec, const Target &target) {
  CudaPatchConvParameters best;
  double bestCycles = std::numeric_limits<double>::infinity();
  const bool isImage = spec.inputLayout == TensorLayout::NCHW;
  const int64_t window = spec.kernel * spec.kernel;
  for (int64_t stage = 0; stage <= (isImage ? 0 : 1); ++stage) {
    CudaPatchConvParameters p;
    p.stage = stage;
    const SumShape shape =
        isImage ? SumShape{.terms = spec.kernel, .places = spec.kernel * spec.channels, .isStaged = false, .isCuttable = false, .wantedShare = wantedWindowShare}
                : SumShape{.terms = spec.channels, .places = window, .isStaged = stage != 0, .wantedShare = wantedShare};
    std::vector<LaunchSum> sums = {{shape, spec.outputs}};
    const double cycles = findTiles(
        target, {spec.outputWidth(), spec.outputHeight(), spec.batch}, stage ? spec.channels * window * floatBytes : 0,
        /*divided=*/true, sums, [&](const auto &tried) {
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
    std::vector<LaunchSum> sums = {{{.terms = inputs, .isStaged = false, .mostFetched = 1}, outputs}};
    findTiles(target, {spec.batch, 1, 1}, 0, /*divided=*/true, sums, [&](const auto &tried) {
      const ThreadTile &t = tried[0].thread;
      return t.pieces > 1 ? tried[0].block.channels * tried[0].block.places() * t.pieces * floatBytes : 0;
    });
    block = sums[0].block, thread = sums[0].thread;
  };
  find(spec.features, spec.channels, p.firstBlock, p.first);
  if (spec.outputs)
    find(spec.outputs, spec.features, p.secondBlock, p.second);
  return p;
}

/// A warp reads 32 channels of a pixel, and writes 32 pixels of a plane.
CudaAffineParameters fasternet::defaultCudaAffine(const KernelSpec &spec, const Target &) {
  constexpr int64_t warp = 32;
  return {{std::min(spec.channels, warp), std::min(spec.width, warp), 1}};
}
