// The CPU strategies, of x86 and ARM: what each registers under Schedules.def. Their targets count vectors
// and units in elements of what the kernel computes with (KernelSpec::computeType), not in floats.
#pragma once

#include "schedules/Parameters.h"
#include "schedules/Schedules.h"

namespace fasternet {

/// Defaults from register count, caches and divisors: Defaults.cpp. They always pass the check.
PatchConvParameters defaultCpuPatchConv(const KernelSpec &spec, const Target &target);
BlockParameters defaultCpuBlock(const KernelSpec &spec, const Target &target);
HeadParameters defaultCpuHead(const KernelSpec &spec, const Target &target);
AffineParameters defaultCpuAffine(const KernelSpec &spec, const Target &target);

/// Refuses what would read or write outside a tensor, or a packed weight: Checks.cpp.
llvm::Error checkCpuPatchConv(const KernelSpec &spec, const Target &target,
                              const PatchConvParameters &parameters);
llvm::Error checkCpuBlock(const KernelSpec &spec, const Target &target, const BlockParameters &parameters);
llvm::Error checkCpuHead(const KernelSpec &spec, const Target &target, const HeadParameters &parameters);
llvm::Error checkCpuAffine(const KernelSpec &spec, const Target &target, const AffineParameters &parameters);

/// The points one step from `from`, most promising first: Space.cpp. They need not pass the check, and `from`
/// may be among them.
std::vector<PatchConvParameters> stepsCpuPatchConv(const KernelSpec &spec, const Target &target,
                                                   const PatchConvParameters &from);
std::vector<BlockParameters> stepsCpuBlock(const KernelSpec &spec, const Target &target,
                                           const BlockParameters &from);
std::vector<HeadParameters> stepsCpuHead(const KernelSpec &spec, const Target &target,
                                         const HeadParameters &from);
std::vector<AffineParameters> stepsCpuAffine(const KernelSpec &spec, const Target &target,
                                             const AffineParameters &from);

/// What scheduleTraffic says: Traffic.cpp.
Traffic trafficCpuPatchConv(const KernelSpec &spec, const Target &target,
                            const PatchConvParameters &parameters);
Traffic trafficCpuBlock(const KernelSpec &spec, const Target &target, const BlockParameters &parameters);
Traffic trafficCpuHead(const KernelSpec &spec, const Target &target, const HeadParameters &parameters);
Traffic trafficCpuAffine(const KernelSpec &spec, const Target &target, const AffineParameters &parameters);

/// Each in the file of its kernel; `parameters` must pass the check.
ScheduledPipeline scheduleCpuPatchConv(const KernelSpec &spec, const PatchConvParameters &parameters);
ScheduledPipeline scheduleCpuBlock(const KernelSpec &spec, const BlockParameters &parameters);
ScheduledPipeline scheduleCpuHead(const KernelSpec &spec, const HeadParameters &parameters);
ScheduledPipeline scheduleCpuAffine(const KernelSpec &spec, const AffineParameters &parameters);

} // namespace fasternet
