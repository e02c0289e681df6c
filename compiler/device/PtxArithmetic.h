// What PTX's integer instructions compute.
#pragma once

#include "device/PtxFunction.h"

#include <optional>

namespace fasternet {

inline uint64_t lowBits(uint64_t bits, uint32_t width) {
  return width >= 64 ? bits : bits & ((uint64_t(1) << width) - 1);
}

/// The result of `i` for source operands a, b and c, as far as it has them; only as many of its lowest bits
/// count as its result has. Nothing for what is no arithmetic of integers or has no defined result, such as a
/// division by zero.
std::optional<uint64_t> computePtx(const PtxInstruction &i, uint64_t a, uint64_t b, uint64_t c);

} // namespace fasternet
