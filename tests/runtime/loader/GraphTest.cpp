// FNET_OPTION_GRAPH: one call to the driver in place of many, with the same results.
#include "CudaTest.h"
#include "DeviceTensors.h"

#include <gmock/gmock.h>

using testing::ElementsAre;

namespace {

using CudaGraph = CudaTest;

fnet_options graphOptions() {
  fnet_options options = cudaOptions();
  options.flags = FNET_OPTION_GRAPH;
  return options;
}

TEST_F(CudaGraph, RunsAsOneLaunch) {
  FakeCudaModel model;
  FakeCudaInstance instance(model, graphOptions());
  ASSERT_EQ(instance.status, FNET_OK) << instance.message();
  for (float start : {1.0f, 2.0f, 3.0f}) {
    fake_driver::forgetCalls();
    ASSERT_EQ(instance.run(start), FNET_OK) << instance.message();
    EXPECT_TRUE(instance.outputsAreRight(start));
    EXPECT_THAT(fake_driver::calls(),
                ElementsAre("cuCtxPushCurrent", "cuMemcpyHtoDAsync", "cuMemcpyHtoDAsync", "cuGraphLaunch",
                            "cuMemcpyDtoHAsync", "cuMemcpyDtoHAsync", "cuStreamSynchronize",
                            "cuCtxPopCurrent"));
  }
  EXPECT_EQ(fake_driver::launches().size(), 6u) << "captured once";
}

TEST_F(CudaGraph, OnTheHostsMemoryFollowsThePointers) {
  FakeCudaModel model;
  FakeCudaInstance instance(model, graphOptions());
  DeviceTensors first(5), second(9);
  void *stream = fake_driver::createStream();
  fake_driver::forgetCalls();
  ASSERT_EQ(first.run(instance, stream), FNET_OK) << instance.message();
  EXPECT_THAT(fake_driver::calls(),
              ElementsAre("cuCtxPushCurrent", "cuStreamIsCapturing", "cuStreamBeginCapture", "cuLaunchKernel",
                          "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel",
                          "cuLaunchKernel", "cuStreamEndCapture", "cuGraphInstantiateWithFlags",
                          "cuGraphDestroy", "cuGraphLaunch", "cuCtxPopCurrent"));
  EXPECT_NE(fake_driver::launches().back().stream, stream) << "captured on the instance's own stream";
  fake_driver::forgetCalls();
  ASSERT_EQ(first.run(instance, nullptr), FNET_OK) << "the same pointers, the legacy stream";
  EXPECT_THAT(fake_driver::calls(),
              ElementsAre("cuCtxPushCurrent", "cuStreamIsCapturing", "cuGraphLaunch", "cuCtxPopCurrent"));
  fake_driver::forgetCalls();
  ASSERT_EQ(second.run(instance, stream), FNET_OK);
  EXPECT_THAT(fake_driver::calls(), testing::Contains("cuGraphExecUpdate"));
  EXPECT_THAT(fake_driver::calls(), testing::Not(testing::Contains("cuGraphInstantiateWithFlags")));
  fake_driver::finish(nullptr);
  fake_driver::finish(stream);
  EXPECT_TRUE(first.outputsAreRight()) << "a launch that was still queued kept its pointers";
  EXPECT_TRUE(second.outputsAreRight());
  EXPECT_EQ(instance.run(4), FNET_OK) << "run has a graph of its own";
  EXPECT_TRUE(instance.outputsAreRight(4));
  fake_driver::destroyStream(stream);
}

} // namespace
