// Shared memory that a block of threads of each schedule takes, in bytes: an upper bound, since buffers that are not
// live at once may lie in the same place.
#pragma once

#include "schedules/cuda/Parameters.h"
#include "support/KernelSpec.h"

namespace fasternet {

int64_t sharedBytes(const KernelSpec &spec, const CudaPatchConvParameters &parameters);
int64_t sharedBytes(const KernelSpec &spec, const CudaHeadParameters &parameters);
int64_t sharedBytes(const KernelSpec &spec, const CudaAffineParameters &parameters);

/// Of the launches of a block; 0 for one that does not exist.
struct BlockSharedBytes {
  int64_t partial = 0, first = 0, second = 0;
};
BlockSharedBytes sharedBytes(const KernelSpec &spec, const CudaBlockParameters &parameters);

} // namespace fasternet
