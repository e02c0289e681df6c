// Shared memory that a block of threads of each schedule takes, in bytes: an upper bound, since buffers that
// are not live at once may lie in the same place.
#pragma once

#include "schedules/cuda/Parameters.h"
#include "support/KernelSpec.h"

namespace fasternet {

int64_t sharedBytes(const KernelSpec &spec, const CudaPatchConvParameters &parameters);
int64_t sharedBytes(const KernelSpec &spec, const CudaHeadParameters &parameters);
int64_t sharedBytes(const KernelSpec &spec, const CudaAffineParameters &parameters);

/// Of the launch of a block's sums whose first and last are given.
int64_t sharedBytes(const KernelSpec &spec, const CudaBlockParameters &parameters, int first, int last);

} // namespace fasternet
