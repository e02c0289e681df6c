// The texts of errors: the call, the driver's words, and the room for them.
#include "CudaTest.h"

#include <cstring>

namespace {

using CudaMessage = CudaTest;

TEST_F(CudaMessage, RefusedPtxNamesItsModule) {
  FakeCudaModel model({80}, /*cubins=*/false);
  model.code[0].texts[3].replace(0, 6, "PTX 99"); // the second module's
  FakeCudaInstance instance(model);
  EXPECT_EQ(instance.status, FNET_ERROR_DEVICE);
  EXPECT_EQ(
      instance.message(),
      "cuModuleLoadData (kernel module 1): CUDA_ERROR_NO_BINARY_FOR_GPU: no kernel image for this device");
}

TEST_F(CudaMessage, ErrorsThatTheDriverHasNoTextFor) {
  fake_driver::failCall(0, 12345);
  FakeCudaInstance instance{FakeCudaModel()};
  EXPECT_EQ(instance.message(), "cuInit: error 12345: unknown to this driver");
}

TEST_F(CudaMessage, IsCutToFit) {
  FakeCudaModel model;
  char text[9];
  fnet_options options = cudaOptions();
  options.message = text;
  for (size_t bytes : {1, 2, 7, 8}) {
    std::memset(text, '#', sizeof text);
    options.message_bytes = bytes;
    fake_driver::failCall(0, 2);
    EXPECT_EQ(FakeCudaInstance(model, options).status, FNET_ERROR_DEVICE);
    EXPECT_EQ(std::string(text), std::string("cuInit: ").substr(0, bytes - 1));
    EXPECT_EQ(text[bytes], '#');
  }
  std::memset(text, '#', sizeof text);
  options.message_bytes = 0;
  fake_driver::failCall(0, 2);
  EXPECT_EQ(FakeCudaInstance(model, options).status, FNET_ERROR_DEVICE);
  EXPECT_EQ(text[0], '#');
}

TEST_F(CudaMessage, MayBeAbsentAndIsEmptyAfterSuccess) {
  FakeCudaModel model;
  std::vector<unsigned char> memory(model.model.instance_bytes);
  void *instance;
  fake_driver::failCall(0, 2);
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, memory.data(), memory.size(), nullptr, &instance),
            FNET_ERROR_DEVICE);
  char text[] = "from before";
  fnet_options options = cudaOptions();
  options.message = text;
  options.message_bytes = sizeof text;
  EXPECT_EQ(FakeCudaInstance(model, options).status, FNET_OK);
  EXPECT_STREQ(text, "");
}

} // namespace
