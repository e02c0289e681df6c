// The norm of a feature output on CPUs: a transposition with a scale, one row per task.
#include "kernels/Affine.h"
#include "schedules/cpu/Strategies.h"

using namespace Halide;

fasternet::ScheduledPipeline fasternet::scheduleCpuAffine(const KernelSpec &spec,
                                                          const AffineParameters &parameters) {
  AffineKernel k(spec);
  Var task("task"), lane("lane");
  // Stores are dense; the strided loads of one row stay in cache over the channels of a line.
  k.output.split(k.x, k.x, lane, int(parameters.vector), TailStrategy::ShiftInwards)
      .reorder(lane, k.c, k.x, k.y, k.n)
      .vectorize(lane)
      .fuse(k.y, k.n, task)
      .parallel(task);
  return {k.output, k.arguments()};
}
