#include "frontend/FloatTensors.h"

#include <bit>
#include <cstring>

using namespace fasternet;
using DType = StoredTensor::DType;

static_assert(std::endian::native == std::endian::little, "both file formats are little-endian");

template <typename T> static T loadAs(const char *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

static float halfToFloat(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16, exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
  if (exponent == 0) {
    float magnitude = float(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  // The exponents' biases differ by 112; all ones stay all ones (infinities and NaN).
  uint32_t wide = exponent == 0x1f ? 0xff : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

static float elementAsFloat(const char *bytes, DType dtype) {
  switch (dtype) {
  case DType::F64:
    return float(loadAs<double>(bytes));
  case DType::F32:
    return loadAs<float>(bytes);
  case DType::F16:
    return halfToFloat(loadAs<uint16_t>(bytes));
  case DType::BF16:
    return std::bit_cast<float>(uint32_t(loadAs<uint16_t>(bytes)) << 16);
  case DType::I64:
    return float(loadAs<int64_t>(bytes));
  case DType::I32:
    return float(loadAs<int32_t>(bytes));
  case DType::I16:
    return float(loadAs<int16_t>(bytes));
  case DType::I8:
    return float(loadAs<int8_t>(bytes));
  case DType::U8:
    return float(loadAs<uint8_t>(bytes));
  case DType::Bool:
    return bytes[0] != 0 ? 1.0f : 0.0f;
  }
  return 0;
}

static bool isRowMajor(const StoredTensor &tensor) {
  int64_t expected = 1;
  for (size_t d = tensor.shape.size(); d-- > 0;) {
    if (tensor.shape[d] != 1 && tensor.strides[d] != expected)
      return false;
    expected *= tensor.shape[d];
  }
  return true;
}

WeightTensor fasternet::toFloatTensor(const StoredTensor &tensor, std::shared_ptr<const void> owner) {
  WeightTensor result;
  result.shape = tensor.shape;
  size_t count = 1;
  for (int64_t extent : tensor.shape)
    count *= size_t(extent);

  bool aligned = reinterpret_cast<uintptr_t>(tensor.bytes.data()) % alignof(float) == 0;
  if (tensor.dtype == DType::F32 && aligned && isRowMajor(tensor)) {
    result.data = {reinterpret_cast<const float *>(tensor.bytes.data()), count};
    result.owner = std::move(owner);
    return result;
  }

  auto values = std::make_shared<std::vector<float>>();
  values->reserve(count);
  // Counts through the index like an odometer, keeping the element offset of the current index.
  std::vector<int64_t> index(tensor.shape.size(), 0);
  int64_t offset = 0, size = dtypeBytes(tensor.dtype);
  for (size_t i = 0; i < count; ++i) {
    values->push_back(elementAsFloat(tensor.bytes.data() + offset * size, tensor.dtype));
    for (size_t d = index.size(); d-- > 0;) {
      offset += tensor.strides[d];
      if (++index[d] < tensor.shape[d])
        break;
      offset -= tensor.strides[d] * tensor.shape[d];
      index[d] = 0;
    }
  }
  result.data = *values;
  result.owner = std::move(values);
  return result;
}

std::string fasternet::shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (int64_t extent : shape) {
    text += text.size() > 1 ? ", " : "";
    text += std::to_string(extent);
  }
  text += "]";
  return text;
}
