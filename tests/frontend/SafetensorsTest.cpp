#include "TestFiles.h"

#include "frontend/FloatTensors.h"
#include "frontend/Safetensors.h"
#include "support/Files.h"

#include "llvm/Support/Endian.h"

#include <cmath>

using namespace fasternet;
using namespace fasternet::test;

namespace {

/// A file of one tensor `x`.
std::string oneTensor(llvm::StringRef dtype, llvm::StringRef shape, llvm::StringRef data) {
  std::string header = "{\"x\":{\"dtype\":\"" + dtype.str() + "\",\"shape\":" + shape.str() +
                       ",\"data_offsets\":[0," + std::to_string(data.size()) + "]}}";
  char size[8];
  llvm::support::endian::write64le(size, header.size());
  return std::string(size, 8) + header + data.str();
}

std::vector<float> loaded(const std::string &bytes) {
  TemporaryFile file("safetensors");
  EXPECT_FALSE(bool(writeFile(file.path(), bytes)));
  auto tensors = loadTensors(file.path());
  EXPECT_TRUE(bool(tensors));
  return tensors->at("x").data.vec();
}

template <typename T> std::string raw(std::initializer_list<T> values) {
  return std::string(reinterpret_cast<const char *>(std::data(values)), values.size() * sizeof(T));
}

} // namespace

TEST(Safetensors, ConvertsEveryElementType) {
  EXPECT_EQ(loaded(oneTensor("F64", "[2]", raw<double>({0.5, -3}))), (std::vector<float>{0.5f, -3}));
  EXPECT_EQ(loaded(oneTensor("BF16", "[2]", raw<uint16_t>({0x3f80, 0xc040}))), (std::vector<float>{1, -3}));
  EXPECT_EQ(loaded(oneTensor("I64", "[2]", raw<int64_t>({7, -7}))), (std::vector<float>{7, -7}));
  EXPECT_EQ(loaded(oneTensor("U8", "[3]", raw<uint8_t>({0, 128, 255}))), (std::vector<float>{0, 128, 255}));
  EXPECT_EQ(loaded(oneTensor("BOOL", "[2]", raw<uint8_t>({0, 1}))), (std::vector<float>{0, 1}));
}

TEST(Safetensors, HalvesAreExact) {
  // One, the least subnormal, the largest, and minus zero.
  std::vector<float> values =
      loaded(oneTensor("F16", "[4]", raw<uint16_t>({0x3c00, 0x0001, 0x7bff, 0x8000})));
  EXPECT_EQ(values, (std::vector<float>{1, 0x1p-24f, 65504, -0.0f}));
  EXPECT_TRUE(std::signbit(values[3]));
  EXPECT_TRUE(std::isinf(loaded(oneTensor("F16", "[1]", raw<uint16_t>({0x7c00})))[0]));
  EXPECT_TRUE(std::isnan(loaded(oneTensor("F16", "[1]", raw<uint16_t>({0x7e00})))[0]));
}

TEST(Safetensors, AlignedFloatsAreMappedNotCopied) {
  auto buffer = mapFile(goldenPath("three-stages/weights.safetensors"));
  ASSERT_TRUE(bool(buffer));
  llvm::StringRef bytes = (*buffer)->getBuffer();
  auto file = readSafetensors(std::move(*buffer), "weights.safetensors");
  ASSERT_TRUE(bool(file));
  WeightTensor weight = toFloatTensor(file->tensors.at("head.weight"), file->owner);
  const char *data = reinterpret_cast<const char *>(weight.data.data());
  EXPECT_TRUE(data >= bytes.begin() && data < bytes.end());
  EXPECT_EQ(weight.owner, file->owner);
}

TEST(Safetensors, WritesWhatItReads) {
  std::vector<float> a = {1, 2, 3, 4, 5, 6}, b = {-1};
  TemporaryFile file("safetensors");
  ASSERT_FALSE(
      bool(writeSafetensors(file.path(), {{"later.weight", {2, 3}, a}, {"a \"quoted\" name", {1}, b}})));
  auto buffer = mapFile(file.path());
  ASSERT_TRUE(bool(buffer));
  EXPECT_EQ(llvm::support::endian::read64le((*buffer)->getBufferStart()) % 8, 0u);
  // The header keeps the given order.
  EXPECT_LT((*buffer)->getBuffer().find("later"), (*buffer)->getBuffer().find("quoted"));
  auto tensors = loadTensors(file.path());
  ASSERT_TRUE(bool(tensors));
  EXPECT_EQ(tensors->at("later.weight").shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(tensors->at("later.weight").data.vec(), a);
  EXPECT_EQ(tensors->at("a \"quoted\" name").data.vec(), b);
}

TEST(FloatTensors, FollowStrides) {
  // A 2 x 3 tensor that is the transpose of the stored 3 x 2 one.
  std::string data = raw<float>({0, 1, 2, 3, 4, 5});
  StoredTensor tensor{StoredTensor::DType::F32, {2, 3}, {1, 2}, {data.data(), data.size()}};
  EXPECT_EQ(toFloatTensor(tensor, nullptr).data.vec(), (std::vector<float>{0, 2, 4, 1, 3, 5}));
}
