// Patch embedding and merging on GPUs: a product over windows, accumulated in registers.
#include "kernels/PatchConv.h"
#include "kernels/PackedAccess.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"

using namespace Halide;

fasternet::ScheduledPipeline fasternet::scheduleCudaPatchConv(const KernelSpec &spec,
                                                              const CudaPatchConvParameters &p) {
  PatchConvKernel k(spec, granuleOf(p.thread.channels), p.thread.pieces);
  const bool isImage = spec.inputLayout == TensorLayout::NCHW;
  k.weight.set_host_alignment(vectorBytes);
  k.bias.set_host_alignment(vectorBytes);
  if (isImage || spec.channels % 4 == 0)
    k.input.set_host_alignment(vectorBytes);
  if (spec.outputs % 4 == 0)
    k.output.output_buffer().set_host_alignment(vectorBytes);

  const PixelDimensions d{k.c, k.x, k.y, k.n};
  const LoopLevel block(k.output, launchInBlocks(k.output, d, p.block));
  // What lies side by side in memory: columns of a plane, or channels.
  const int along = isImage ? 1 : 0;
  const TermLoops window = alongDimension(k.pixel, along, along, k.sum.parts[0], p.unroll);
  computeSum(k.sum, k.output, k.output, k.c, d, block, p.block, p.thread, {window});
  if (p.stage) {
    Func slab = window.fetch > 1 ? k.pixel.in(window.source) : k.pixel.in(k.sum.parts[0].accumulator);
    slab.compute_at(block)
        .store_in(MemoryType::GPUShared)
        .bound_extent(k.i, int(spec.channels))
        .bound_extent(k.tapColumn, int(spec.kernel))
        .bound_extent(k.tapRow, int(spec.kernel))
        .bound_extent(k.x, int(p.block.pixels))
        .bound_extent(k.y, int(p.block.rows))
        .bound_extent(k.n, 1)
        .bound_storage(k.i, int(sharedStride(spec.channels)));
    copyWithThreads(slab, {k.i, k.tapColumn, k.tapRow, k.x, k.y}, spec.channels,
                    spec.kernel * spec.kernel * p.block.places(), threadsOf(p.block, p.thread));
  }
  return {k.output, k.arguments()};
}
