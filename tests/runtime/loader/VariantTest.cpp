// Which code a device runs: the variant, and machine code or PTX.
#include "CudaTest.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

using testing::ElementsAre;

namespace {

using CudaVariant = CudaTest;

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

} // namespace
