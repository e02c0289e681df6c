// The CUDA strategies: what each registers under Schedules.def.
#pragma once

#include "schedules/Schedules.h"
#include "schedules/cuda/Parameters.h"

namespace fasternet {

/// Defaults from the multiprocessors to fill and the divisors of each shape: Defaults.cpp. They always pass the check.
CudaPatchConvParameters defaultCudaPatchConv(const KernelSpec &spec, const Target &target);
CudaBlockParameters defaultCudaBlock(const KernelSpec &spec, const Target &target);
CudaHeadParameters defaultCudaHead(const KernelSpec &spec, const Target &target);
CudaAffineParameters defaultCudaAffine(const KernelSpec &spec, const Target &target);

/// Refuses what would read or write outside a tensor, and what a block of threads cannot hold: Checks.cpp.
llvm::Error checkCudaPatchConv(const KernelSpec &spec, const Target &target, const CudaPatchConvParameters &parameters);
llvm::Error checkCudaBlock(const KernelSpec &spec, const Target &target, const CudaBlockParameters &parameters);
llvm::Error checkCudaHead(const KernelSpec &spec, const Target &target, const CudaHeadParameters &parameters);
llvm::Error checkCudaAffine(const KernelSpec &spec, const Target &target, const CudaAffineParameters &parameters);

/// The points one step from `from`, most promising first: Space.cpp. They need not pass the check, and `from` may be
/// among them.
std::vector<CudaPatchConvParameters> stepsCudaPatchConv(const KernelSpec &spec, const Target &target,
                                                        const CudaPatchConvParameters &from);
std::vector<CudaBlockParameters> stepsCudaBlock(const KernelSpec &spec, const Target &target,
                                                const CudaBlockParameters &from);
std::vector<CudaHeadParameters> stepsCudaHead(const KernelSpec &spec, const Target &target,
                                              const CudaHeadParameters &from);
std::vector<CudaAffineParameters> stepsCudaAffine(const KernelSpec &spec, const Target &target,
                                                  const CudaAffineParameters &from);

/// What scheduleTraffic says: Traffic.cpp.
Traffic trafficCudaPatchConv(const KernelSpec &spec, const Target &target, const CudaPatchConvParameters &parameters);
Traffic trafficCudaBlock(const KernelSpec &spec, const Target &target, const CudaBlockParameters &parameters);
Traffic trafficCudaHead(const KernelSpec &spec, const Target &target, const CudaHeadParameters &parameters);
Traffic trafficCudaAffine(const KernelSpec &spec, const Target &target, const CudaAffineParameters &parameters);

/// Each in the file of its kernel; `parameters` must pass the check.
ScheduledPipeline scheduleCudaPatchConv(const KernelSpec &spec, const CudaPatchConvParameters &parameters);
ScheduledPipeline scheduleCudaBlock(const KernelSpec &spec, const CudaBlockParameters &parameters);
ScheduledPipeline scheduleCudaHead(const KernelSpec &spec, const CudaHeadParameters &parameters);
ScheduledPipeline scheduleCudaAffine(const KernelSpec &spec, const CudaAffineParameters &parameters);

} // namespace fasternet
