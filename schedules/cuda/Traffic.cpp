// Bytes that the blocks of a GPU schedule read from L2; each byte of a kernel's tensors comes from memory
// once.
#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/Strategies.h"

using namespace fasternet;

static Traffic trafficOf(const KernelSpec &spec, const std::vector<LaunchPlan> &launches) {
  Traffic traffic;
  traffic.memoryBytes = double(spec.bytes());
  for (const LaunchPlan &launch : launches)
    for (const Phase &phase : launch.phases)
      traffic.l2Bytes += double(launch.blocks) * phase.l2Bytes;
  return traffic;
}

Traffic fasternet::trafficCudaPatchConv(const KernelSpec &spec, const Target &target,
                                        const CudaPatchConvParameters &parameters) {
  return trafficOf(spec, planLaunches(spec, target, parameters));
}

Traffic fasternet::trafficCudaBlock(const KernelSpec &spec, const Target &target,
                                    const CudaBlockParameters &parameters) {
  return trafficOf(spec, planLaunches(spec, target, parameters));
}

Traffic fasternet::trafficCudaHead(const KernelSpec &spec, const Target &target,
                                   const CudaHeadParameters &parameters) {
  return trafficOf(spec, planLaunches(spec, target, parameters));
}

Traffic fasternet::trafficCudaAffine(const KernelSpec &spec, const Target &, const CudaAffineParameters &) {
  return {0, double(spec.bytes())};
}
