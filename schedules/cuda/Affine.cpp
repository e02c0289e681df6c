// The norm of a feature output on GPUs: a transposition with a scale, through shared memory.
#include "kernels/Affine.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"

using namespace Halide;

fasternet::ScheduledPipeline fasternet::scheduleCudaAffine(const KernelSpec &spec, const CudaAffineParameters &p) {
  AffineKernel k(spec);
  Var tile("tile"), column("block_column"), row("block_row"), place("place"), line("line"), thread("thread");
  // Stores run along rows of a plane.
  k.output.split(k.c, tile, k.c, int(p.block.channels), TailStrategy::ShiftInwards)
      .split(k.x, column, k.x, int(p.block.pixels), TailStrategy::ShiftInwards)
      .split(k.y, row, k.y, int(p.block.rows), TailStrategy::ShiftInwards)
      .fuse(column, row, place)
      .reorder(k.x, k.y, k.c, tile, place, k.n)
      .fuse(k.x, k.y, line)
      .fuse(line, k.c, thread)
      .gpu_threads(thread)
      .gpu_blocks(tile, place, k.n);
  // Loads run along the channels of a pixel.
  Var read("read"), pixel("pixel");
  k.scaled.compute_at(k.output, tile)
      .store_in(MemoryType::GPUShared)
      .bound_extent(k.c, int(p.block.channels))
      .bound_extent(k.x, int(p.block.pixels))
      .bound_extent(k.y, int(p.block.rows))
      .bound_extent(k.n, 1)
      .bound_storage(k.c, int(p.block.channels + 1))
      .fuse(k.x, k.y, pixel)
      .fuse(k.c, pixel, read)
      .gpu_threads(read);
  return {k.output, k.arguments()};
}
