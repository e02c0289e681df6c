#include "support/TensorFloat.h"

#include <bit>
#include <cmath>
#include <cstdint>

float fasternet::roundedToTf32(float value) {
  if (!std::isfinite(value))
    return value;
  // Adding half a step to the magnitude may carry into the exponent, which is right: the next binade, or
  // infinity.
  const uint32_t rounded = std::bit_cast<uint32_t>(value) + 0x1000u;
  return std::bit_cast<float>(rounded & 0xffffe000u);
}
