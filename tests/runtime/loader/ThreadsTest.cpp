// Instances share nothing: on two devices, on one, and from several threads at once.
#include "CudaTest.h"

#include <thread>

namespace {

using CudaThreads = CudaTest;

TEST_F(CudaThreads, InstancesOnTwoDevicesFromFourThreads) {
  startWith({80, 90});
  FakeCudaModel model;
  auto work = [&model](unsigned index) {
    fnet_options options = cudaOptions();
    options.device = index % 2;
    options.flags = index / 2 % 2 ? FNET_OPTION_GRAPH : 0;
    for (int round = 0; round < 20; ++round) {
      FakeCudaInstance instance(model, options);
      ASSERT_EQ(instance.status, FNET_OK) << instance.message();
      EXPECT_STREQ(fnet_instance_variant(instance.instance), index % 2 ? "cuda-sm90" : "cuda-sm80");
      const float start = float(100 * index) + float(round);
      for (int run = 0; run < 3; ++run)
        ASSERT_EQ(instance.run(start + float(run)), FNET_OK) << instance.message();
      EXPECT_TRUE(instance.outputsAreRight(start + 2));
    }
    EXPECT_TRUE(fake_driver::contexts().empty()) << "this thread had none before";
  };
  std::vector<std::thread> threads;
  for (unsigned index = 0; index < 4; ++index)
    threads.emplace_back(work, index);
  for (std::thread &thread : threads)
    thread.join();
}

TEST_F(CudaThreads, AnInstanceMovesBetweenThreads) {
  FakeCudaModel model;
  FakeCudaInstance instance(model);
  std::thread([&] {
    EXPECT_EQ(instance.run(3), FNET_OK);
    EXPECT_TRUE(fake_driver::contexts().empty());
  }).join();
  EXPECT_TRUE(instance.outputsAreRight(3));
}

TEST_F(CudaThreads, DoneOfOneLeavesTheOther) {
  FakeCudaModel model;
  FakeCudaInstance kept(model);
  {
    FakeCudaInstance gone(model);
  }
  EXPECT_EQ(kept.run(4), FNET_OK) << kept.message();
  EXPECT_TRUE(kept.outputsAreRight(4));
}

} // namespace
