// One kernel's data, its emulated run, and how far that lies from the reference.
#pragma once

#include "support/CompiledKernel.h"
#include "targets/Targets.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <vector>

namespace fasternet {

struct KernelData {
  std::vector<std::vector<uint8_t>> arguments; ///< bytes of each tensor, the output all zero
  std::vector<float> expected;                 ///< interior of the output, channels innermost
};

KernelData kernelData(const KernelSpec &spec);

/// max |out - expected| / max |expected| over the interior. An output whose border is not zero any more is
/// infinitely far off.
double relativeError(const KernelSpec &spec, const KernelData &data);

} // namespace fasternet
