// Bytes from beyond L1, against counts by hand.
#include "schedules/Traffic.h"

#include "schedules/Schedules.h"
#include "targets/Cpus.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

Traffic trafficOf(const char *text, const Target &target, llvm::StringRef overrides) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
  return scheduleTraffic(spec, target, llvm::cantFail(scheduleParameters(spec, target, overrides)));
}

Target withCaches(int64_t l1, int64_t l2) {
  Target target = *findTarget("x86-64-v3");
  target.l1Bytes = l1, target.l2Bytes = l2;
  return target;
}

const char *merging = "patch_conv-n1-28x28-c80-o160-k2-s2-nhwc-f32-w32";

TEST(Traffic, NothingWhereAllFitsL1) {
  const Traffic traffic =
      trafficOf(merging, withCaches(1 << 24, 1 << 25), "vector=8,tile=2x7x1,strip=1,share=0");
  EXPECT_EQ(traffic.l2Bytes, 0);
  EXPECT_EQ(traffic.memoryBytes, 0);
}

TEST(Traffic, WeightsComeOncePerStrip) {
  // 320 inputs of a window, 160 outputs: 204800 bytes of weights; 14 strips of a row or one of all rows. A
  // tile's 16 x 320 weights stay in 32 KiB.
  const double weights = 4 * 320 * 160;
  const Target target = withCaches(32 * 1024, 100 * 1024); // L2 holds less than the weights
  const Traffic rows = trafficOf(merging, target, "vector=8,tile=2x7x1,strip=1,share=0");
  EXPECT_EQ(rows.memoryBytes, 14 * weights);
  const Traffic whole = trafficOf(merging, target, "vector=8,tile=2x7x1,strip=14,share=1");
  // All rows: the input passes by once more for each of the ten tiles of channels but one.
  const double input = 4.0 * 196 * 320;
  EXPECT_EQ(whole.memoryBytes, weights + 9 * input);
}

TEST(Traffic, ALargerL2TurnsMemoryIntoL2) {
  const Traffic rows =
      trafficOf(merging, withCaches(32 * 1024, 1 << 20), "vector=8,tile=2x7x1,strip=1,share=0");
  EXPECT_EQ(rows.memoryBytes, 0);
  EXPECT_GE(rows.l2Bytes, 14.0 * 4 * 320 * 160);
}

TEST(Traffic, AnImageReadCrosswiseComesSlowly) {
  const char *embedding = "patch_conv-n1-224x224-c3-o40-k4-s4-nchw-f32-w32";
  const Target target = withCaches(32 * 1024, 1 << 20);
  const double staged = trafficOf(embedding, target, "stage=1").memoryBytes;
  EXPECT_EQ(trafficOf(embedding, target, "stage=0").memoryBytes, staged + 8.0 * 4 * 3 * 224 * 224);
}

TEST(Traffic, TasksOfASharedStripExchangeTheHiddenLayer) {
  const char *block = "block-n1-14x14-c256-p64-h512-gelu-f32-w32";
  const Target &target = *findTarget("x86-64-v3");
  EXPECT_EQ(trafficOf(block, target, "share=0,rows=7").exchangedBytes, 0);
  EXPECT_EQ(trafficOf(block, target, "share=1,rows=14").exchangedBytes, 4.0 * 14 * 14 * 512);
}

TEST(Traffic, TheHeadReadsItsWeightsFromMemory) {
  const char *head = "head-n1-7x7-c320-f1280-o1000-gelu-f32-w32";
  EXPECT_EQ(trafficOf(head, *findTarget("x86-64-v3"), "").memoryBytes,
            double(llvm::cantFail(KernelSpec::parse(head)).bytes()));
}

} // namespace
