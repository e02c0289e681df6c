// What the launch model takes of each kernel: the shapes of its sums, and the launches that parameters make
// of it.
#pragma once

#include "schedules/cuda/LaunchModel.h"
#include "schedules/cuda/Parameters.h"
#include "support/KernelSpec.h"

namespace fasternet {

/// Sums of a block. Without a slab the convolution's results and the rest of the input are groups of the
/// first product's terms, each with its own loop.
SumShape partialShape(const KernelSpec &spec);
SumShape firstShape(const KernelSpec &spec, const CudaBlockParameters &parameters);
SumShape secondShape(const KernelSpec &spec, const CudaBlockParameters &parameters);
/// The windows of an embedding or a merging.
SumShape windowShape(const KernelSpec &spec, const CudaPatchConvParameters &parameters);
/// A product of a head.
SumShape valuesShape(int64_t inputs);

/// The launches of a kernel, in no particular order. `parameters` must pass the check.
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaPatchConvParameters &parameters);
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaBlockParameters &parameters);
std::vector<LaunchPlan> planLaunches(const KernelSpec &spec, const Target &target,
                                     const CudaHeadParameters &parameters);

/// Bytes that the launch of a block's sum `last`, 0 to 2, reads and writes at least once.
double blockTensorBytes(const KernelSpec &spec, const CudaBlockParameters &parameters, int64_t last);

/// What the launch model says of all of them.
double planCycles(const Target &target, const std::vector<LaunchPlan> &launches);

} // namespace fasternet
