// The cost of a GPU's kernel: what takes more of a multiprocessor costs more. No program of NVIDIA's is
// needed.
#include "tune/DeviceCost.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

constexpr double overhead = 2000; ///< of a launch

/// A product: each of 256 threads of a block multiplies 10000 times.
struct DeviceCostTest : testing::Test {
  DeviceCostTest() {
    launch.function = "product";
    launch.grid = {108, 1, 1};
    launch.threads = {256, 1, 1};
    code.launch = &launch;
    code.trace.fmas = code.trace.instructions = 10000;
    code.trace.sharedWaits = 100;
    code.usage.registers = 64;
    code.share = ProductShare{.opcode = "FFMA", .share = 0.8, .shareOfLoops = 0.8};
  }
  DeviceLaunchCost cost() { return llvm::cantFail(launchCost(code, 80, a100)); }
  double cycles() { return cost().cycles; }

  const Cpu &a100 = *findCpu("a100");
  DeviceLaunch launch;
  DeviceLaunchCode code;
};

TEST_F(DeviceCostTest, UnitsBoundAFullMultiprocessor) {
  // One block on each of 108: 8 warps of 32 products on 64 units take 4 cycles each. Two on a scheduler issue
  // 12500 instructions each in 25000 cycles, which is less.
  EXPECT_EQ(cycles(), overhead + 4 * 10000);
  EXPECT_EQ(cost().occupancy, 8.0 / 64);
  EXPECT_EQ(cost().registers, 64);
}

TEST_F(DeviceCostTest, ALowerShareOfProductsCostsMore) {
  code.share->shareOfLoops = 0.4; // two warps of a scheduler issue 25000 instructions each, and wait 3000 / 2
  EXPECT_EQ(cycles(), overhead + 2 * 25000 + 1500);
}

TEST_F(DeviceCostTest, SpillsAndStackLose) {
  const double clean = cycles();
  code.usage.spillStoreBytes = 8;
  EXPECT_EQ(cycles(), overhead + 2 * (clean - overhead));
  code.usage.spillStoreBytes = 0, code.usage.stackBytes = 16;
  EXPECT_GT(cycles(), 1.5 * clean);
  EXPECT_EQ(cost().spillBytes, 16);
}

TEST_F(DeviceCostTest, FewerWarpsHideLess) {
  launch.grid = {108 * 8, 1, 1};
  code.trace.globalWaits = 500;
  const double many = cycles();
  code.usage.registers = 255; // one block at a time in place of four
  EXPECT_EQ(cost().occupancy, 8.0 / 64);
  EXPECT_GT(cycles(), 1.5 * many);
}

TEST_F(DeviceCostTest, MoreBlocksFillTheChip) {
  launch.grid = {1, 1, 1};
  const double one = cycles();
  launch.grid = {108, 1, 1};
  EXPECT_EQ(cycles(), one);
  launch.grid = {109, 1, 1}; // one multiprocessor has two
  EXPECT_GT(cycles(), 1.8 * one);
  launch.grid = {108 * 16, 1, 1};
  EXPECT_LT(cycles(), 16.5 * one);
}

TEST_F(DeviceCostTest, ThePortOfSharedMemoryIsOne) {
  code.trace.sharedLoads.passes = 20000;
  EXPECT_EQ(cycles(), overhead + 8 * 20000);
}

TEST_F(DeviceCostTest, BytesBoundAKernel) {
  auto kernel = [&](Traffic traffic) { return llvm::cantFail(deviceCost({code}, traffic, 80, a100)).cycles; };
  EXPECT_EQ(kernel({}), cycles());
  EXPECT_EQ(kernel({.l2Bytes = 1e9}), overhead + 1e9 / (108 * 40));
  // Half of 40 MiB stays in L2.
  EXPECT_EQ(kernel({.memoryBytes = 20e6}), cycles());
  EXPECT_EQ(kernel({.memoryBytes = 1e9}), overhead + 1e9 / 1103);
}

TEST_F(DeviceCostTest, LaunchesFollowEachOther) {
  EXPECT_EQ(llvm::cantFail(deviceCost({code, code}, {}, 80, a100)).cycles, 2 * cycles());
}

TEST_F(DeviceCostTest, ABlockThatFitsNowhereIsAnError) {
  launch.sharedBytes = 200 << 10;
  auto cost = launchCost(code, 80, a100);
  EXPECT_NE(llvm::toString(cost.takeError()).find("can hold a block of 256 threads"), std::string::npos);
}

} // namespace
