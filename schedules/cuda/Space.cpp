#include "schedules/cuda/Strategies.h"

using namespace fasternet;

std::vector<CudaPatchConvParameters> fasternet::stepsCudaPatchConv(const KernelSpec &, const Target &,
                                                                   const CudaPatchConvParameters &from) {
  return {from};
}
std::vector<CudaBlockParameters> fasternet::stepsCudaBlock(const KernelSpec &, const Target &,
                                                           const CudaBlockParameters &from) {
  return {from};
}
std::vector<CudaHeadParameters> fasternet::stepsCudaHead(const KernelSpec &, const Target &,
                                                         const CudaHeadParameters &from) {
  return {from};
}
std::vector<CudaAffineParameters> fasternet::stepsCudaAffine(const KernelSpec &, const Target &,
                                                             const CudaAffineParameters &from) {
  return {from};
}
