// What `ptxas -v` says of functions, on recorded texts.
#include "device/ResourceUsage.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(ResourceUsage, EntriesAndWhatTheyCall) {
  const char *text = R"(ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'rotate' for 'sm_80'
ptxas info    : Function properties for rotate
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 12 registers, used 1 barriers, 1024 bytes smem, 368 bytes cmem[0]
ptxas info    : Compile time = 2.240 ms
ptxas info    : Compiling entry function 'crowded' for 'sm_80'
ptxas info    : Function properties for crowded
    88 bytes stack frame, 84 bytes spill stores, 80 bytes spill loads
ptxas info    : Used 24 registers, used 0 barriers, 88 bytes cumulative stack size, 368 bytes cmem[0]
ptxas info    : Compile time = 4.563 ms
ptxas info    : Function properties for twice
    16 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads
)";
  const std::vector<ResourceUsage> expected = {
      {.function = "rotate", .entry = true, .registers = 12, .sharedBytes = 1024, .barriers = 1},
      {.function = "crowded",
       .entry = true,
       .registers = 24,
       .stackBytes = 88,
       .spillStoreBytes = 84,
       .spillLoadBytes = 80},
      {.function = "twice", .stackBytes = 16, .spillStoreBytes = 4, .spillLoadBytes = 8},
  };
  EXPECT_EQ(readResourceUsage(text), expected);
}

TEST(ResourceUsage, RegistersAreThoseOfTheEntry) {
  const std::vector<ResourceUsage> usage =
      readResourceUsage("ptxas info    : Compiling entry function 'f' for 'sm_90'\n"
                        "ptxas info    : Function properties for f\n"
                        "    0 bytes stack frame\n"
                        "ptxas info    : Function properties for helper\n"
                        "    8 bytes stack frame\n"
                        "ptxas info    : Used 62 registers\n");
  ASSERT_EQ(usage.size(), 2u);
  EXPECT_EQ(usage[0], (ResourceUsage{.function = "f", .entry = true, .registers = 62}));
  EXPECT_EQ(usage[1], (ResourceUsage{.function = "helper", .stackBytes = 8}));
}

TEST(ResourceUsage, PassesOverWhatItDoesNotKnow) {
  EXPECT_TRUE(readResourceUsage("").empty());
  EXPECT_TRUE(readResourceUsage("Used 12 registers\nptxas warning : something of line 3\n").empty());
  const std::vector<ResourceUsage> usage =
      readResourceUsage("ptxas info    : Compiling entry function 'f' for 'sm_80'\n"
                        "ptxas warning : Registers are spilled to local memory in function 'f'\n"
                        "ptxas info    : Used 40 registers, 3 frobs, used 7 widgets, , -1 bytes smem\n");
  ASSERT_EQ(usage.size(), 1u);
  EXPECT_EQ(usage[0].registers, 40);
  EXPECT_EQ(usage[0].barriers, 0);
}
