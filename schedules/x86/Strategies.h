// The x86 strategies: what each registers under Schedules.def.
#pragma once

#include "schedules/Parameters.h"
#include "schedules/Schedules.h"

namespace fasternet {

/// Defaults from register count, caches and divisors: Defaults.cpp. They always pass the check.
PatchConvParameters defaultX86PatchConv(const KernelSpec &spec, const Target &target);
BlockParameters defaultX86Block(const KernelSpec &spec, const Target &target);
HeadParameters defaultX86Head(const KernelSpec &spec, const Target &target);
AffineParameters defaultX86Affine(const KernelSpec &spec, const Target &target);

/// Refuses what would read or write outside a tensor, or a packed weight: Checks.cpp.
llvm::Error checkX86PatchConv(const KernelSpec &spec, const Target &target,
                              const PatchConvParameters &parameters);
llvm::Error checkX86Block(const KernelSpec &spec, const Target &target, const BlockParameters &parameters);
llvm::Error checkX86Head(const KernelSpec &spec, const Target &target, const HeadParameters &parameters);
llvm::Error checkX86Affine(const KernelSpec &spec, const Target &target, const AffineParameters &parameters);

/// The points one step from `from`, most promising first: Space.cpp. They need not pass the check, and `from`
/// may be among them.
std::vector<PatchConvParameters> stepsX86PatchConv(const KernelSpec &spec, const Target &target,
                                                   const PatchConvParameters &from);
std::vector<BlockParameters> stepsX86Block(const KernelSpec &spec, const Target &target,
                                           const BlockParameters &from);
std::vector<HeadParameters> stepsX86Head(const KernelSpec &spec, const Target &target,
                                         const HeadParameters &from);
std::vector<AffineParameters> stepsX86Affine(const KernelSpec &spec, const Target &target,
                                             const AffineParameters &from);

/// Each in the file of its kernel; `parameters` must pass the check.
ScheduledPipeline scheduleX86PatchConv(const KernelSpec &spec, const PatchConvParameters &parameters);
ScheduledPipeline scheduleX86Block(const KernelSpec &spec, const BlockParameters &parameters);
ScheduledPipeline scheduleX86Head(const KernelSpec &spec, const HeadParameters &parameters);
ScheduledPipeline scheduleX86Affine(const KernelSpec &spec, const AffineParameters &parameters);

} // namespace fasternet
