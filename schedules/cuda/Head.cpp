// The head on GPUs: matrix times vector, bound by the reading of weights. Many threads share a value's terms,
// next to each other in memory.
#include "kernels/Head.h"
#include "kernels/PackedAccess.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"

using namespace Halide;
using namespace fasternet;

namespace {

/// The sum's values in blocks of their own launch; returns the level of a block.
LoopLevel launchProduct(const ProductSum &sum, Func wrapper, const PixelDimensions &d, const BlockTile &block,
                        const ThreadTile &thread) {
  constexpr int64_t stepsAtOnce = 4;
  const LoopLevel level(wrapper, launchInBlocks(wrapper, d, block));
  TermLoops terms;
  terms.unroll = stepsAtOnce;
  computeSum(sum, wrapper, wrapper, d.c, d, level, block, thread, {terms});
  return level;
}

} // namespace

ScheduledPipeline fasternet::scheduleCudaHead(const KernelSpec &spec, const CudaHeadParameters &p) {
  HeadKernel k(spec, {.firstGranule = granuleOf(p.first.channels),
                      .secondGranule = granuleOf(p.second.channels),
                      .firstPieces = p.first.pieces,
                      .secondPieces = p.second.pieces});
  for (ImageParam *weights : {&k.firstWeight, &k.classifierWeight, &k.classifierBias})
    if (weights->defined())
      weights->set_host_alignment(vectorBytes);
  const PixelDimensions d{k.c, k.n};
  if (k.classifies) {
    k.features.compute_root();
    launchProduct(k.score, k.output, d, p.secondBlock, p.second);
  }
  const LoopLevel first =
      launchProduct(k.product, k.classifies ? k.features : k.output, d, p.firstBlock, p.first);

  Var thread("thread"), tile("tile");
  if (p.launches == 2) {
    keepShared(k.mean, d, first, spec.channels, p.firstBlock);
    k.mean.fuse(k.c, k.n, thread).split(thread, tile, thread, int(p.threads), TailStrategy::GuardWithIf);
  } else {
    k.mean.compute_root()
        .split(k.c, tile, thread, int(p.threads), TailStrategy::GuardWithIf)
        .reorder(thread, tile, k.n)
        .gpu_blocks(tile, k.n);
  }
  k.mean.gpu_threads(thread);
  // All loads of a small image at once: one latency instead of one per row.
  constexpr int64_t mostPixels = 64;
  Stage sum = k.total.compute_at(k.mean, thread).update();
  if (spec.width <= mostPixels)
    sum.unroll(k.pixels.x);
  if (spec.width * spec.height <= mostPixels)
    sum.unroll(k.pixels.y);
  return {k.output, k.arguments()};
}
