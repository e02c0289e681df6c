// What the launch model takes of each kernel: the shapes of its sums, and the launches that parameters make
// of it.
#pragma once

#include "schedules/cuda/LaunchModel.h"
#include "schedules/cuda/Parameters.h"
#include "support/KernelSpec.h"

namespace fasternet {

/// Of a block's sum. Without a slab the convolution's results and the rest of the input are groups of the
/// first product's terms, each with its own loop.
SumShape sumShape(const KernelSpec &spec, const CudaBlockParameters &parameters, int sum);
/// Channels of its results.
int64_t sumChannels(const KernelSpec &spec, int sum);
/// The windows of an embedding or a merging.
SumShape windowShape(const KernelSpec &spec, const CudaPatchConvParameters &parameters);
/// A product of a head.
SumShape valuesShape(int64_t inputs);

/// The launches of a kernel, of a block in their order. `parameters` must pass the check.
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaPatchConvParameters &parameters);
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaBlockParameters &parameters);
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaHeadParameters &parameters);

/// Channels of each pixel that the launch of a block's sums whose first and last are given brings into shared
/// memory first.
int64_t copiedChannels(const KernelSpec &spec, const CudaBlockParameters &parameters, int first, int last);
/// Bytes that such a launch reads and writes at least once.
double launchTensorBytes(const KernelSpec &spec, int first, int last);

/// What the launch model says of all of them.
double planCycles(const Target &target, const std::vector<LaunchPlan> &launches);

} // namespace fasternet
