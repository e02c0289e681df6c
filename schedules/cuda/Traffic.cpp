#include "schedules/cuda/Strategies.h"

using namespace fasternet;

Traffic fasternet::trafficCudaPatchConv(const KernelSpec &spec, const Target &, const CudaPatchConvParameters &) {
  return {0, double(spec.bytes())};
}
Traffic fasternet::trafficCudaBlock(const KernelSpec &spec, const Target &, const CudaBlockParameters &) {
  return {0, double(spec.bytes())};
}
Traffic fasternet::trafficCudaHead(const KernelSpec &spec, const Target &, const CudaHeadParameters &) {
  return {0, double(spec.bytes())};
}
Traffic fasternet::trafficCudaAffine(const KernelSpec &spec, const Target &, const CudaAffineParameters &) {
  return {0, double(spec.bytes())};
}
