// Blocks of a multiprocessor, each number derived beside it.
#include "device/Occupancy.h"

#include <gtest/gtest.h>

using namespace fasternet;

static void expectBlocks(const std::optional<Occupancy> &occupancy, int64_t blocks, double share,
                         OccupancyLimit limit) {
  ASSERT_TRUE(occupancy);
  EXPECT_EQ(occupancy->blocks, blocks);
  EXPECT_DOUBLE_EQ(occupancy->share, share);
  EXPECT_EQ(occupancy->limit, limit) << limitName(occupancy->limit);
}

TEST(Occupancy, ThreadsOfTheMultiprocessor) {
  // 32 warps on 7.5, 64 on 8.0, 48 on 8.6 and 8.9; 8 warps a block.
  expectBlocks(theoreticalOccupancy(75, 256, 32, 0), 4, 1, OccupancyLimit::Threads);
  expectBlocks(theoreticalOccupancy(80, 256, 32, 0), 8, 1, OccupancyLimit::Threads);
  expectBlocks(theoreticalOccupancy(86, 256, 32, 0), 6, 1, OccupancyLimit::Threads);
  expectBlocks(theoreticalOccupancy(89, 256, 32, 0), 6, 1, OccupancyLimit::Threads);
  // 33 threads take two warps; 1025 are more than a block may have.
  expectBlocks(theoreticalOccupancy(90, 33, 16, 0), 32, 1, OccupancyLimit::Threads);
  expectBlocks(theoreticalOccupancy(90, 1025, 16, 0), 0, 0, OccupancyLimit::Threads);
}

TEST(Occupancy, BlocksOfTheMultiprocessor) {
  // One warp a block: 16 of 32, 16 of 48, 24 of 48, 32 of 64 warps.
  expectBlocks(theoreticalOccupancy(75, 32, 16, 0), 16, 0.5, OccupancyLimit::Blocks);
  expectBlocks(theoreticalOccupancy(86, 32, 16, 0), 16, 16.0 / 48, OccupancyLimit::Blocks);
  expectBlocks(theoreticalOccupancy(89, 32, 16, 0), 24, 0.5, OccupancyLimit::Blocks);
  expectBlocks(theoreticalOccupancy(90, 32, 16, 0), 32, 0.5, OccupancyLimit::Blocks);
}

TEST(Occupancy, RegistersInUnitsOfAWarpAndPart) {
  // 72 x 32 = 2304 = 9 x 256 a warp: 7 warps in 16384, 28 in all, 7 blocks of 4 warps.
  expectBlocks(theoreticalOccupancy(80, 128, 72, 0), 7, 28.0 / 64, OccupancyLimit::Registers);
  // 65 and 72 registers are the same: 65 x 32 = 2080 is rounded up to 2304.
  expectBlocks(theoreticalOccupancy(80, 128, 65, 0), 7, 28.0 / 64, OccupancyLimit::Registers);
  // 168 x 32 = 5376: 3 warps a part, 12 in all, although 65536 / 5376 = 12.19; 5 warps a block: 2 blocks.
  expectBlocks(theoreticalOccupancy(90, 160, 168, 0), 2, 10.0 / 64, OccupancyLimit::Registers);
  // 104 x 32 = 3328: 4 warps a part although 65536 / 3328 = 19: 16 warps, 2 blocks of 8.
  expectBlocks(theoreticalOccupancy(80, 256, 104, 0), 2, 16.0 / 64, OccupancyLimit::Registers);
}

TEST(Occupancy, SharedMemoryWithThatOfTheSystem) {
  // 55296 + 1024 = 56320: 167936 / 56320 = 2.98 on 8.0, 102400 / 56320 = 1.8 on 8.6, 233472 / 56320 = 4.1
  // on 9.0.
  expectBlocks(theoreticalOccupancy(80, 256, 32, 55296), 2, 16.0 / 64, OccupancyLimit::SharedMemory);
  expectBlocks(theoreticalOccupancy(86, 256, 32, 55296), 1, 8.0 / 48, OccupancyLimit::SharedMemory);
  expectBlocks(theoreticalOccupancy(90, 256, 32, 55296), 4, 32.0 / 64, OccupancyLimit::SharedMemory);
  // 7.5 keeps none for the system: two blocks of 32 KiB.
  expectBlocks(theoreticalOccupancy(75, 256, 32, 32768), 2, 16.0 / 32, OccupancyLimit::SharedMemory);
  // The most that a block may have, and one byte more: 163, 99 and 227 KiB.
  for (auto [capability, kib] : {std::pair(75, 64), {80, 163}, {86, 99}, {89, 99}, {90, 227}}) {
    EXPECT_EQ(theoreticalOccupancy(capability, 256, 32, kib * 1024)->blocks, 1) << capability;
    EXPECT_EQ(theoreticalOccupancy(capability, 256, 32, kib * 1024 + 1)->blocks, 0) << capability;
  }
}

TEST(Occupancy, UnknownCapability) {
  EXPECT_FALSE(theoreticalOccupancy(61, 256, 32, 0));
}
