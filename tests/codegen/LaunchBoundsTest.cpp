// Launch bounds in PTX: which launches get them, and where they stand.
#include "codegen/LaunchBounds.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

/// On an A100 of 108 multiprocessors.
std::string boundsOf(uint32_t blocks, uint32_t threads) {
  return launchBounds({.function = "f", .grid = {blocks, 1, 1}, .threads = {threads, 1, 1}},
                      *findTarget("cuda-sm80"));
}

} // namespace

TEST(LaunchBounds, BlocksThatAllFindRoomShareTheRegisters) {
  EXPECT_EQ(boundsOf(108, 200), ".maxntid 200, 1, 1\n.minnctapersm 1\n");
  EXPECT_EQ(boundsOf(109, 128), ".maxntid 128, 1, 1\n.minnctapersm 2\n");
  // 11 blocks of a warp would have 186 registers for each thread.
  EXPECT_EQ(boundsOf(10 * 108, 20), ".maxntid 20, 1, 1\n.minnctapersm 10\n");
  EXPECT_EQ(boundsOf(10 * 108 + 1, 20), "");
}

TEST(LaunchBounds, LargeBlocksAreLaunchable) {
  // 256 threads can have 255 registers each, 288 cannot.
  EXPECT_EQ(boundsOf(1000, 256), "");
  EXPECT_EQ(boundsOf(1000, 257), ".maxntid 257, 1, 1\n.minnctapersm 1\n");
  EXPECT_EQ(boundsOf(1, 1024), ".maxntid 1024, 1, 1\n.minnctapersm 1\n");
}

TEST(LaunchBounds, StandBeforeTheBodyOfTheirEntry) {
  const std::string text =
      ".visible .entry ff(\n.param .u64 a\n)\n{\nret;\n}\n.visible .entry f(\n)\n{\nret;\n}\n";
  const std::string with = withLaunchBounds(
      text, {{.function = "f", .threads = {32, 4, 1}}, {.function = "ff", .threads = {64, 1, 1}}},
      *findTarget("cuda-sm80"));
  EXPECT_EQ(with, ".visible .entry ff(\n.param .u64 a\n)\n.maxntid 64, 1, 1\n.minnctapersm 1\n{\nret;\n}\n"
                  ".visible .entry f(\n)\n.maxntid 32, 4, 1\n.minnctapersm 1\n{\nret;\n}\n");
}
