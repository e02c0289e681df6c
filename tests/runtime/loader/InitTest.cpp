// init on a GPU: what it refuses, and what lies on the device afterwards.
#include "CudaTest.h"

#include <gmock/gmock.h>

#include <climits>

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

using CudaInit = CudaTest;

TEST_F(CudaInit, RefusesNullPointers) {
  FakeCudaModel model;
  std::vector<unsigned char> memory(model.model.instance_bytes);
  void *instance = &memory;
  EXPECT_EQ(fnet_internal_cuda_init(nullptr, memory.data(), memory.size(), nullptr, &instance),
            FNET_ERROR_ARGUMENT);
  EXPECT_EQ(instance, nullptr);
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, nullptr, memory.size(), nullptr, &instance),
            FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, memory.data(), memory.size(), nullptr, nullptr),
            FNET_ERROR_ARGUMENT);
  EXPECT_THAT(fake_driver::calls(), ElementsAre());
}

TEST_F(CudaInit, TakesExactlyTheBytesInAnyAlignment) {
  FakeCudaModel model;
  for (size_t misalignment = 0; misalignment <= FNET_ALIGNMENT; ++misalignment) {
    FakeCudaInstance instance(model, {}, misalignment); // a byte beyond would be beyond the vector
    ASSERT_EQ(instance.status, FNET_OK) << instance.message();
    ASSERT_EQ(instance.run(3), FNET_OK);
    ASSERT_TRUE(instance.outputsAreRight(3));
  }
}

TEST_F(CudaInit, RefusesOneByteLess) {
  FakeCudaModel model;
  std::vector<unsigned char> memory(model.model.instance_bytes);
  void *instance;
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, memory.data(), memory.size() - 1, nullptr, &instance),
            FNET_ERROR_MEMORY);
  EXPECT_EQ(instance, nullptr);
  EXPECT_EQ(fnet_internal_cuda_init(&model.description, memory.data(), memory.size(), nullptr, &instance),
            FNET_OK);
  fnet_internal_cuda_done(instance);
}

TEST_F(CudaInit, AllocatesOnceAndUploadsBeforeItReturns) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK) << instance.message();
  EXPECT_THAT(fake_driver::allocations(), ElementsAre(size_t(FakeCudaModel::deviceBytes)));
  EXPECT_EQ(fnet_cuda_device_bytes(instance.instance), FakeCudaModel::deviceBytes);
  EXPECT_EQ(fnet_cuda_device_bytes(nullptr), 0u);
  const std::vector<std::string> calls = fake_driver::calls();
  EXPECT_EQ(calls.at(calls.size() - 2), "cuStreamSynchronize");
  // Where the parts lie is known from the launches: weights at 128, arena at 0.
  ASSERT_EQ(instance.run(), FNET_OK);
  const std::vector<fake_driver::Launch> launches = fake_driver::launches();
  std::array<float, 64> weights;
  fake_driver::read(launches.at(1).parameters.at(2) - 128, weights.data(), sizeof weights);
  EXPECT_EQ(weights, model.weights);
  std::array<unsigned char, 256> border;
  fake_driver::read(launches.at(4).parameters.at(1), border.data(), border.size());
  EXPECT_EQ(border, (std::array<unsigned char, 256>{}));
}

TEST_F(CudaInit, ZeroesTheWholeArenaAndNothingElse) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK) << instance.message();
  ASSERT_EQ(instance.run(), FNET_OK);
  const uint64_t arena = fake_driver::launches().at(0).parameters.at(0) - 256;
  unsigned char last, behind;
  fake_driver::read(arena + FakeCudaModel::arenaBytes - 1, &last, 1);
  fake_driver::read(arena + FakeCudaModel::arenaBytes, &behind, 1);
  EXPECT_EQ(last, 0);
  EXPECT_EQ(behind, 0xaa);
}

TEST_F(CudaInit, AsksForSharedMemoryBeyond48KiBOnly) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  EXPECT_THAT(fake_driver::sharedBytesSet(), ElementsAre("negate=65536"));
}

TEST_F(CudaInit, UsesTheDeviceOfTheOptions) {
  startWith({75, 90});
  FakeCudaModel model;
  fnet_options options = cudaOptions();
  options.device = 1;
  {
    FakeCudaInstance instance(model, options);
    ASSERT_EQ(instance.status, FNET_OK) << instance.message();
    EXPECT_STREQ(fnet_instance_variant(instance.instance), "cuda-sm90");
    EXPECT_EQ(instance.run(), FNET_OK);
  }
  options.device = 2;
  FakeCudaInstance beyond(model, options);
  EXPECT_EQ(beyond.status, FNET_ERROR_DEVICE);
  EXPECT_EQ(beyond.message(), "cuDeviceGet (device 2): CUDA_ERROR_INVALID_DEVICE: invalid device ordinal");
  options.device = uint64_t(INT_MAX) + 1;
  EXPECT_EQ(FakeCudaInstance(model, options).status, FNET_ERROR_ARGUMENT);
}

TEST_F(CudaInit, RefusesUnknownFlagsAndStepsOfAGraph) {
  FakeCudaModel model;
  fnet_options options = cudaOptions();
  options.flags = 2;
  EXPECT_EQ(FakeCudaInstance(model, options).status, FNET_ERROR_ARGUMENT);
  options.flags = FNET_OPTION_GRAPH;
  options.step_done = [](void *, size_t) {};
  FakeCudaInstance both(model, options);
  EXPECT_EQ(both.status, FNET_ERROR_ARGUMENT);
  EXPECT_THAT(both.message(), HasSubstr("step_done"));
}

TEST_F(CudaInit, RefusesOtherVersions) {
  FakeCudaModel model;
  auto status = [&] { return FakeCudaInstance(model).status; };
  for (uint32_t *field : {&model.description.abi_version, &model.description.struct_size,
                          &model.model.abi_version, &model.model.struct_size, &model.model.variant_count}) {
    ++*field;
    EXPECT_EQ(status(), FNET_ERROR_VERSION);
    --*field;
  }
  for (uint64_t *field : {&model.model.instance_bytes, &model.model.instance_worker_bytes}) {
    ++*field;
    EXPECT_EQ(status(), FNET_ERROR_VERSION);
    --*field;
  }
  EXPECT_EQ(status(), FNET_OK);
}

TEST_F(CudaInit, RefusesNumbersBeyondTheirTables) {
  FakeCudaModel model;
  auto message = [&] {
    FakeCudaInstance instance(model);
    EXPECT_EQ(instance.status, FNET_ERROR_VERSION);
    return instance.message();
  };
  auto with = [&](auto &field, auto value, const char *expected) {
    const auto before = std::exchange(field, value);
    EXPECT_THAT(message(), HasSubstr(expected));
    field = before;
  };
  with(model.launches[1].function, 3u, "cuda-sm90, launch 1: function 3");
  with(model.launches[5].step, 3u, "launch 5: step 3");
  with(model.launches[5].step, 1u, "launch 5: step 1");
  with(model.launches[1].shared_bytes, 49153u, "launch 1: shared memory 49153");
  with(model.launches[1].argument_count, FNET_CUDA_ARGUMENTS + 1, "launch 1: number of arguments 33");
  with(model.arguments[0][0].base, uint16_t(6), "launch 0: argument 0");
  with(model.arguments[0][0].value, FakeCudaModel::arenaBytes + 1, "launch 0: argument 0");
  with(model.arguments[0][1].index, uint16_t(2), "launch 0: argument 1");
  with(model.arguments[0][2].bytes, 3u, "launch 0: argument 2");
  with(model.arguments[1][2].value, sizeof model.weights + 1, "launch 1: argument 2");
  with(model.arguments[3][2].value, FakeCudaModel::scratchBytes + 1, "launch 3: argument 2");
  with(model.arguments[3][0].index, uint16_t(2), "launch 3: argument 0");
  with(model.code[1].functions[2].module, 1u, "cuda-sm80, function 2: module 1");
  with(model.code[1].modules[0].ptx, static_cast<const char *>(nullptr), "cuda-sm80, module 0: PTX");
  EXPECT_EQ(FakeCudaInstance(model).status, FNET_OK);
}

} // namespace
