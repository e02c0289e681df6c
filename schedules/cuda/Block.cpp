// The block on GPUs: its two products and its convolution in one, two or three launches. What a block of threads reads
// of its pixels lies in shared memory, accumulators in registers; weights come through L1, packed as everywhere.
#include "kernels/Block.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"

using namespace Halide;
using namespace fasternet;

namespace {

class BlockSchedule {
public:
  BlockSchedule(const KernelSpec &spec, const CudaBlockParameters &p)
      : spec(spec), p(p), k(spec, {.partialGranule = vectorOf(p.partial.channels),
                                   .firstGranule = vectorOf(p.first.channels),
                                   .secondGranule = vectorOf(p.second.channels),
                                   .joined = p.stage != 0,
                                   .partialPieces = p.partial.pieces,
                                   .firstPieces = p.first.pieces,
                                   .secondPieces = p.second.pieces}),
        d{k.c, k.x, k.y, k.n} {
    for (ImageParam *weights : {&k.partialWeight, &k.firstWeight, &k.firstBias, &k.secondWeight})
      weights->set_host_alignment(vectorBytes);
    if (spec.channels % 4 == 0) {
      k.input.set_host_alignment(vectorBytes);
      k.output.output_buffer().set_host_alignment(vectorBytes);
    }
  }

  ScheduledPipeline build() {
    const LoopLevel second(k.output, launchInBlocks(k.output, d, p.secondBlock));
    const ProductSum::Part &inner = k.sum.parts[0];
    const TermLoops terms = alongChannels(k.hidden, inner, p.secondUnroll);
    computeSum(k.sum, k.output, Stage(k.output), k.c, d, second, p.secondBlock, p.second, {terms});
    if (p.launches == 1) {
      keepShared(k.hidden, d, second, spec.hidden, p.firstBlock);
      scheduleFirst(second);
      return {k.output, k.arguments()};
    }
    if (p.stage) {
      Func slab = k.hidden.in(terms.source);
      keepShared(slab, d, second, spec.hidden, p.secondBlock);
      copyWithThreads(slab, {k.c, k.x, k.y}, spec.hidden, p.secondBlock.places(), threadsOf(p.secondBlock, p.second));
    }
    k.hidden.compute_root();
    scheduleFirst(LoopLevel(k.hidden, launchInBlocks(k.hidden, d, p.firstBlock)));
    return {k.output, k.arguments()};
  }

private:
  /// Blocks of the first product lie at `block`.
  void scheduleFirst(const LoopLevel &block) {
    std::vector<TermLoops> terms;
    if (p.stage) {
      terms = {alongChannels(k.mixed, k.product.parts[0], p.firstUnroll)};
    } else {
      terms = {alongChannels(k.partial, k.product.parts[0], p.firstUnroll)};
      if (k.product.parts.size() > 1)
        terms.push_back(alongChannels(k.input, k.product.parts[1], p.firstUnroll));
    }
    computeSum(k.product, k.hidden, Stage(k.hidden), k.c, d, block, p.firstBlock, p.first, terms);
    if (p.stage) {
      const int64_t threads = threadsOf(p.firstBlock, p.first);
      keepShared(k.mixed, d, block, spec.channels, p.firstBlock);
      copyWithThreads(k.mixed, {k.c, k.x, k.y}, spec.channels, p.firstBlock.places(), threads);
      if (p.launches < 3) {
        convolve(k.mixed, k.mixed.update(0), k.convolved.x, block);
        return;
      }
      copyWithThreads(k.mixed.update(0), {k.convolved.x, k.x, k.y}, spec.partial, p.firstBlock.places(), threads);
    }
    k.partial.compute_root();
    convolve(k.partial, k.partial, k.c, LoopLevel(k.partial, launchInBlocks(k.partial, d, p.partialBlock)));
  }

  /// The convolution as what `stage` of `func` reads.
  void convolve(Func func, Stage stage, VarOrRVar c, const LoopLevel &block) {
    TermLoops taps = alongChannels(k.input, k.convolution.parts[0], 1);
    taps.sharesTaps = true;
    computeSum(k.convolution, func, stage, c, d, block, p.partialBlock, p.partial, {taps});
  }

  const KernelSpec &spec;
  const CudaBlockParameters &p;
  BlockKernel k;
  PixelDimensions d;
};

} // namespace

ScheduledPipeline fasternet::scheduleCudaBlock(const KernelSpec &spec, const CudaBlockParameters &parameters) {
  return BlockSchedule(spec, parameters).build();
}
