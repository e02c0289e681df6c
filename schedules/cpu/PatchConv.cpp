// Patch embedding and merging on CPUs: a product over windows, accumulated in registers.
#include "kernels/PatchConv.h"
#include "kernels/PackedAccess.h"
#include "schedules/cpu/ReadAhead.h"
#include "schedules/cpu/RegisterTiling.h"
#include "schedules/cpu/Strategies.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace Halide;

fasternet::ScheduledPipeline fasternet::scheduleCpuPatchConv(const KernelSpec &spec,
                                                             const PatchConvParameters &parameters) {
  PatchConvKernel k(spec, granuleOf(parameters.vector * parameters.tile.vectors));
  Var strip("strip"), task("task");
  k.output.split(k.y, strip, k.y, int(parameters.strip), TailStrategy::GuardWithIf);
  TiledLoops out =
      tileWrapper(k.output, k.c, k.x, k.y, parameters.vector, parameters.tile, /*isOutput=*/true);
  k.output.fuse(strip, k.n, task);
  // What lies side by side in memory runs innermost, where steps share loads: channels, or columns of planes.
  const ProductSum::Part &part = k.sum.parts[0];
  Reduction window = overPart(part, [&](Func) { return k.pixel; });
  if (parameters.fetch > 1 && spec.inputLayout == TensorLayout::NCHW) {
    window.loops = {part.domain.y, part.domain.x, part.domain.z};
    window.extent = spec.kernel;
    window.fetchedDimension = 1;
  }
  accumulateInRegisters(k.sum.sum, k.output, out, k.c, k.x, k.y, parameters.vector, parameters.tile, {window},
                        {parameters.fetch, parameters.unroll});
  if (parameters.stage) {
    // As it lies in memory, rows of one plane after the other; the tiles then read it crosswise from L1.
    Func staged = k.rounded.defined() ? k.rounded : k.input.in(k.pixel);
    const int64_t row = spec.inputLayout == TensorLayout::NCHW
                            ? (spec.outputWidth() - 1) * spec.stride + spec.kernel
                            : spec.channels;
    const int lanes = int(std::min<int64_t>(parameters.vector, llvm::bit_floor(uint64_t(row))));
    Var lane("lane"), chunk("chunk");
    staged.compute_at(k.output, task)
        .store_in(MemoryType::Heap)
        .split(staged.args()[0], chunk, lane, lanes, TailStrategy::ShiftInwards)
        .vectorize(lane);
  }
  k.output.parallel(parameters.share ? out.tile : task);
  ScheduledPipeline pipeline{k.output, k.arguments()};
  if (parameters.ahead) {
    pipeline.readAheads.push_back(weightsAhead(k.weight, k.output, out.tile,
                                               parameters.vector * parameters.tile.vectors,
                                               spec.channels * spec.kernel * spec.kernel));
    const auto strips = int64_t(llvm::divideCeil(spec.outputHeight(), parameters.strip));
    const int64_t rows = parameters.strip * spec.stride;
    if (parameters.share == 0)
      pipeline.readAheads.push_back(
          spec.inputLayout == TensorLayout::NCHW
              ? planesAhead(k.input, spec, k.output, task, k.weight, strips, rows, part.domain.x)
              : rowsAhead(k.input, spec, k.output, task, k.weight, strips, rows, KernelSpec::borderPixels));
  }
  return pipeline;
}
