// run and run_device: results, the driver calls they consist of, and what they refuse.
#include "CudaTest.h"
#include "DeviceTensors.h"

#include <gmock/gmock.h>

using testing::ElementsAre;

namespace {

using CudaRun = CudaTest;

TEST_F(CudaRun, CopiesLaunchesCopiesAndWaits) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK) << instance.message();
  fake_driver::forgetCalls();
  ASSERT_EQ(instance.run(7), FNET_OK) << instance.message();
  EXPECT_TRUE(instance.outputsAreRight(7));
  EXPECT_THAT(fake_driver::calls(),
              ElementsAre("cuCtxPushCurrent", "cuMemcpyHtoDAsync", "cuMemcpyHtoDAsync", "cuLaunchKernel",
                          "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel",
                          "cuLaunchKernel", "cuMemcpyDtoHAsync", "cuMemcpyDtoHAsync", "cuStreamSynchronize",
                          "cuCtxPopCurrent"));
  ASSERT_EQ(instance.run(-2), FNET_OK);
  EXPECT_TRUE(instance.outputsAreRight(-2));
}

TEST_F(CudaRun, LaunchesWhatTheTablesSay) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  ASSERT_EQ(instance.run(), FNET_OK);
  const std::vector<fake_driver::Launch> launches = fake_driver::launches();
  ASSERT_EQ(launches.size(), 6u);
  const std::vector<std::string> kernels = {"scale", "sum", "scale", "sum", "sum", "negate"};
  const std::vector<unsigned> shared = {0, 49152, 0, 49152, 49152, 65536};
  for (unsigned i = 0; i < 6; ++i) {
    EXPECT_EQ(launches[i].kernel, kernels[i]);
    EXPECT_THAT(launches[i].grid, ElementsAre(i + 1, 2, 3));
    EXPECT_THAT(launches[i].block, ElementsAre(32, i + 1, 1));
    EXPECT_EQ(launches[i].sharedBytes, shared[i]);
    EXPECT_EQ(launches[i].stream, launches[0].stream);
    EXPECT_NE(launches[i].stream, nullptr) << "a stream of the instance's own";
    EXPECT_FALSE(launches[i].captured);
  }
  // Parts in order, each aligned to 256: weights 0, arena 256, scratch 1280, tensors 1792, 2048, 2304, 2560.
  const uint64_t base = launches[0].parameters[0] - 256 - 256;
  EXPECT_EQ(base % 256, 0u);
  EXPECT_THAT(launches[0].parameters, ElementsAre(base + 512, base + 1792, 0x40000000u, 16));
  EXPECT_THAT(launches[1].parameters, ElementsAre(base + 768, base + 512, base + 128, 16));
  EXPECT_THAT(launches[2].parameters, ElementsAre(base + 1280, base + 2048, 0x40400000u, 16));
  EXPECT_THAT(launches[3].parameters, ElementsAre(base + 2304, base + 768, base + 1280, 16));
  EXPECT_THAT(launches[4].parameters, ElementsAre(base + 2560, base + 256, base + 1280, 16));
  EXPECT_THAT(launches[5].parameters, ElementsAre(base + 2560, 16, 1));
}

TEST_F(CudaRun, TellsOfEachStepOnceItHasEnded) {
  FakeCudaModel model;
  struct Seen {
    std::vector<size_t> steps, callsBefore;
  } seen;
  fnet_options options = cudaOptions();
  options.step_self = &seen;
  options.step_done = [](void *self, size_t step) {
    static_cast<Seen *>(self)->steps.push_back(step);
    EXPECT_EQ(fake_driver::calls().back(), "cuStreamSynchronize");
    static_cast<Seen *>(self)->callsBefore.push_back(fake_driver::launches().size());
  };
  FakeCudaInstance instance(model, options);
  ASSERT_EQ(instance.run(2), FNET_OK) << instance.message();
  EXPECT_TRUE(instance.outputsAreRight(2));
  EXPECT_THAT(seen.steps, ElementsAre(0, 1, 2));
  EXPECT_THAT(seen.callsBefore, ElementsAre(2, 4, 6));
  DeviceTensors tensors(1);
  ASSERT_EQ(tensors.run(instance, nullptr), FNET_OK);
  EXPECT_EQ(seen.steps.size(), 3u) << "run_device only launches";
}

TEST_F(CudaRun, RefusesNullPointers) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  alignas(16) float values[FakeCudaModel::values] = {};
  const void *inputs[] = {values, values}, *noInputs[] = {values, nullptr};
  void *outputs[] = {values, values}, *noOutputs[] = {nullptr, values};
  fake_driver::forgetCalls();
  for (auto run :
       {+[](void *i, const void *const *in, void *const *out) { return fnet_internal_cuda_run(i, in, out); },
        +[](void *i, const void *const *in, void *const *out) {
          return fnet_internal_cuda_run_device(i, in, out, nullptr);
        }}) {
    EXPECT_EQ(run(nullptr, inputs, outputs), FNET_ERROR_ARGUMENT);
    EXPECT_EQ(run(instance.instance, nullptr, outputs), FNET_ERROR_ARGUMENT);
    EXPECT_EQ(run(instance.instance, inputs, nullptr), FNET_ERROR_ARGUMENT);
    EXPECT_EQ(run(instance.instance, noInputs, outputs), FNET_ERROR_ARGUMENT);
    EXPECT_EQ(run(instance.instance, inputs, noOutputs), FNET_ERROR_ARGUMENT);
  }
  EXPECT_THAT(fake_driver::calls(), ElementsAre());
}

TEST_F(CudaRun, OnTheHostsMemoryOnlyLaunches) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  DeviceTensors tensors(5);
  void *stream = fake_driver::createStream();
  for (void *each : {stream, static_cast<void *>(nullptr)}) {
    fake_driver::forgetCalls();
    ASSERT_EQ(tensors.run(instance, each), FNET_OK) << instance.message();
    EXPECT_THAT(fake_driver::calls(),
                ElementsAre("cuCtxPushCurrent", "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel",
                            "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel", "cuCtxPopCurrent"));
    EXPECT_EQ(fake_driver::launches().back().stream, each);
    EXPECT_NE(tensors.output(0), fakeOutput(0, 5)) << "nobody waited";
    fake_driver::finish(each);
    EXPECT_TRUE(tensors.outputsAreRight());
    tensors.forgetOutputs();
  }
  fake_driver::destroyStream(stream);
}

TEST_F(CudaRun, OnTheHostsMemoryWantsSixteenBytes) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  DeviceTensors tensors(5);
  for (size_t offset : {1, 4, 8, 15}) {
    const void *in[] = {tensors.pointer(0), tensors.pointer(1, offset)};
    void *out[] = {tensors.pointer(2), tensors.pointer(3)};
    EXPECT_EQ(fnet_internal_cuda_run_device(instance.instance, in, out, nullptr), FNET_ERROR_ARGUMENT);
    in[1] = tensors.pointer(1);
    out[0] = tensors.pointer(2, offset);
    EXPECT_EQ(fnet_internal_cuda_run_device(instance.instance, in, out, nullptr), FNET_ERROR_ARGUMENT);
  }
}

TEST_F(CudaRun, IntoTheHostsCapture) {
  FakeCudaModel model;
  for (uint64_t flags : {uint64_t(0), uint64_t(FNET_OPTION_GRAPH)}) {
    fnet_options options = cudaOptions();
    options.flags = flags;
    FakeCudaInstance instance(model, options);
    DeviceTensors tensors(5);
    void *stream = fake_driver::createStream();
    fake_driver::beginCapture(stream);
    ASSERT_EQ(tensors.run(instance, stream), FNET_OK) << instance.message();
    EXPECT_EQ(fake_driver::endCapture(stream), 6u);
    EXPECT_TRUE(fake_driver::launches().back().captured);
    fake_driver::destroyStream(stream);
  }
}

TEST_F(CudaRun, DoneEndsTheInstance) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  fnet_internal_cuda_done(instance.instance);
  EXPECT_EQ(instance.run(), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_instance_variant(instance.instance), nullptr);
  EXPECT_EQ(fnet_cuda_device_bytes(instance.instance), 0u);
  fnet_internal_cuda_done(instance.instance);
  fnet_internal_cuda_done(nullptr);
}

} // namespace
