// A machine without a usable driver: init says so and leaves nothing. Its libcuda.so.1 is a file that is no
// library, or one that is too old (EXPECTED_TEXT tells which).
#include "FakeCudaModel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

TEST(NoDriver, IsToldInWords) {
  FakeCudaModel model;
  for (int attempt = 0; attempt < 2; ++attempt) {
    FakeCudaInstance instance(model);
    EXPECT_EQ(instance.status, FNET_ERROR_DEVICE);
    EXPECT_EQ(instance.instance, nullptr);
    EXPECT_THAT(instance.message(), testing::StartsWith(EXPECTED_TEXT));
  }
  std::vector<unsigned char> memory(model.model.instance_bytes);
  void *instance;
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, memory.data(), memory.size(), nullptr, &instance),
            FNET_ERROR_DEVICE)
      << "without a place for the text";
}

} // namespace
