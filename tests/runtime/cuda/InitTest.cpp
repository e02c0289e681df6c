// init on a GPU: what it refuses, which code it chooses, and what lies on the device afterwards.
#include "CudaTest.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <memory>

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

using CudaInit = CudaTest;
using CudaVariant = CudaTest;
using CudaMessage = CudaTest;

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

/// The images that a device of the capability loads.
std::vector<std::string> imagesOn(int capability, const FakeCudaModel &model, const char *variant = nullptr) {
  fake_driver::reset({capability});
  fake_driver::pushHostContext();
  fnet_options options = cudaOptions();
  options.variant = variant;
  FakeCudaInstance instance(model, options);
  EXPECT_EQ(instance.status, FNET_OK) << instance.message();
  EXPECT_EQ(instance.run(1), FNET_OK);
  EXPECT_TRUE(instance.outputsAreRight(1));
  return fake_driver::images();
}

TEST_F(CudaVariant, MachineCodeOfTheSameMajorNumberElsePtx) {
  FakeCudaModel model({90, 86, 80, 75});
  EXPECT_EQ(imagesOn(75, model).front(), "CUBIN 75"); // the fourth variant; the first has three modules
  EXPECT_THAT(imagesOn(80, model), ElementsAre("CUBIN 80"));
  EXPECT_THAT(imagesOn(86, model), ElementsAre("CUBIN 86"));
  EXPECT_THAT(imagesOn(89, model), ElementsAre("CUBIN 86"));
  EXPECT_THAT(imagesOn(90, model), ElementsAre("CUBIN 90", "CUBIN 90", "CUBIN 90"));
  EXPECT_THAT(imagesOn(100, model), ElementsAre("PTX 90", "PTX 90", "PTX 90"));
  EXPECT_THAT(imagesOn(120, model), ElementsAre("PTX 90", "PTX 90", "PTX 90"));
  const std::vector<std::string> calls = fake_driver::calls();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuModuleLoadData"), 3)
      << "machine code is not even tried";
}

TEST_F(CudaVariant, PtxWhereThereIsNoMachineCode) {
  FakeCudaModel model({90, 80}, /*cubins=*/false);
  EXPECT_THAT(imagesOn(86, model), ElementsAre("PTX 80"));
}

TEST_F(CudaVariant, ByName) {
  FakeCudaModel model({90, 86, 80});
  EXPECT_THAT(imagesOn(89, model, "cuda-sm80"), ElementsAre("CUBIN 80"));
  EXPECT_THAT(imagesOn(90, model, "cuda-sm80"), ElementsAre("PTX 80"));
}

TEST_F(CudaVariant, NoneThatTheDeviceRuns) {
  startWith({75});
  FakeCudaModel model({90, 80});
  FakeCudaInstance instance(model);
  EXPECT_EQ(instance.status, FNET_ERROR_DEVICE);
  EXPECT_EQ(instance.message(), "device 0 has compute capability 7.5; the library has cuda-sm90, cuda-sm80");
  fnet_options options = cudaOptions();
  startWith({86});
  for (const char *name : {"cuda-sm90", "cuda-sm86"}) { // above the device's, and not in the library
    options.variant = name;
    FakeCudaInstance named(model, options);
    EXPECT_EQ(named.status, FNET_ERROR_DEVICE);
    EXPECT_EQ(named.message(),
              std::string("device 0 has compute capability 8.6; the library has cuda-sm90, cuda-sm80, and ") +
                  name + " was asked for");
  }
  fnet_options first = cudaOptions();
  first.variant = "cuda-sm80";
  EXPECT_EQ(FakeCudaInstance(model, first).status, FNET_OK);
}

/// The outcome where the driver answers `error` to the first module.
FakeCudaInstance *afterRefusal(const FakeCudaModel &model, int error) {
  fake_driver::reset({80});
  fake_driver::pushHostContext();
  {
    FakeCudaInstance counted(model);
  }
  const std::vector<std::string> calls = fake_driver::calls();
  fake_driver::failCall(size_t(std::find(calls.begin(), calls.end(), "cuModuleLoadData") - calls.begin()),
                        error);
  return new FakeCudaInstance(model);
}

TEST_F(CudaVariant, PtxWhereTheDriverRefusesTheMachineCode) {
  FakeCudaModel model({80});
  for (int error : {200, 209}) {
    std::unique_ptr<FakeCudaInstance> instance(afterRefusal(model, error));
    ASSERT_EQ(instance->status, FNET_OK) << instance->message();
    EXPECT_EQ(fake_driver::images().at(3), "PTX 80") << "after the three of the counted instance";
    EXPECT_EQ(fake_driver::images().at(4), "CUBIN 80");
    EXPECT_EQ(instance->run(), FNET_OK);
    EXPECT_TRUE(instance->outputsAreRight());
  }
}

TEST_F(CudaVariant, OtherFailuresOfALoadAreFailures) {
  FakeCudaModel model({80});
  std::unique_ptr<FakeCudaInstance> instance(afterRefusal(model, 2));
  EXPECT_EQ(instance->status, FNET_ERROR_DEVICE);
  EXPECT_EQ(instance->message(),
            "cuModuleLoadData (kernel module 0): CUDA_ERROR_OUT_OF_MEMORY: out of memory");
}

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
