#include "driver/EmulatedTensor.h"
#include "support/HalfPrecision.h"
#include "tune/KernelCase.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>

using namespace fasternet;

static float load(ElementType type, const uint8_t *element) {
  if (type == ElementType::F16) {
    uint16_t bits;
    std::memcpy(&bits, element, sizeof bits);
    return halfValue(bits);
  }
  float value;
  std::memcpy(&value, element, sizeof value);
  return value;
}

static void store(ElementType type, float value, uint8_t *element) {
  if (type == ElementType::F16) {
    const uint16_t bits = halfBits(value);
    std::memcpy(element, &bits, sizeof bits);
  } else {
    std::memcpy(element, &value, sizeof value);
  }
}

std::vector<float> fasternet::readTensor(const KernelArgument &argument, const uint8_t *tensor) {
  std::vector<float> values(size_t(tensorElements(argument)));
  for (auto [i, value] : llvm::enumerate(values))
    value = load(argument.type, tensor + int64_t(i) * elementBytes(argument.type));
  return values;
}

void fasternet::writeInterior(const KernelArgument &argument, llvm::ArrayRef<float> values, uint8_t *tensor) {
  std::vector<int64_t> position(argument.dimensions.size());
  for (float value : values) {
    int64_t element = argument.elementOffset;
    for (auto [at, dimension] : llvm::zip_equal(position, argument.dimensions))
      element += at * dimension.stride;
    store(argument.type, value, tensor + element * elementBytes(argument.type));
    for (size_t d = 0; d < position.size() && ++position[d] == argument.dimensions[d].extent; ++d)
      position[d] = 0;
  }
}
