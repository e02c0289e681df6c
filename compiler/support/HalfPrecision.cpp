#include "support/HalfPrecision.h"

#include "llvm/ADT/APFloat.h"

using namespace fasternet;
using llvm::APFloat;

static APFloat toHalf(float value) {
  APFloat half(value);
  bool losesInfo = false;
  half.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven, &losesInfo);
  return half;
}

uint16_t fasternet::halfBits(float value) {
  return uint16_t(toHalf(value).bitcastToAPInt().getZExtValue());
}

std::vector<uint16_t> fasternet::halfBits(llvm::ArrayRef<float> values) {
  std::vector<uint16_t> bits;
  bits.reserve(values.size());
  for (float value : values)
    bits.push_back(halfBits(value));
  return bits;
}

float fasternet::roundedToHalf(float value) {
  return toHalf(value).convertToFloat();
}

float fasternet::halfValue(uint16_t bits) {
  return APFloat(APFloat::IEEEhalf(), llvm::APInt(16, bits)).convertToFloat();
}
