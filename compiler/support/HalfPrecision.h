// IEEE half precision as stored bits. The compiler never computes with it: rounding is all that it does.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace fasternet {

/// The bits of the nearest half-precision number, ties to even; beyond 65519 infinity.
uint16_t halfBits(float value);
std::vector<uint16_t> halfBits(llvm::ArrayRef<float> values);
/// The value of stored bits.
float halfValue(uint16_t bits);
/// The value after rounding to half precision.
float roundedToHalf(float value);

} // namespace fasternet
