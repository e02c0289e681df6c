// Patch embedding and merging on x86: a product over windows, accumulated in registers.
#include "kernels/PatchConv.h"
#include "schedules/x86/RegisterTiling.h"
#include "schedules/x86/Strategies.h"

using namespace Halide;

fasternet::ScheduledPipeline fasternet::scheduleX86PatchConv(const KernelSpec &spec,
                                                             const PatchConvParameters &parameters) {
  PatchConvKernel k(spec, parameters.vector);
  Var strip("strip"), task("task");
  k.output.split(k.y, strip, k.y, int(parameters.strip), TailStrategy::GuardWithIf);
  TiledLoops out =
      tileWrapper(k.output, k.c, k.x, k.y, parameters.vector, parameters.tile, /*isOutput=*/true);
  k.output.fuse(strip, k.n, task);
  accumulateInRegisters(k.sum, k.output, out, k.c, k.x, k.y, parameters.vector, parameters.tile, {k.window},
                        parameters.unroll);
  k.output.parallel(parameters.share ? out.tile : task);
  return {k.output, k.arguments()};
}
