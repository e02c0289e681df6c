// Panels of output channels and of inputs: [panel][ky][kx][input panel][lane][input], zeros beyond the last
// ones.
#include "support/PackedLayout.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(PackedLayout, PacksPanelsWithZeroLanes) {
  PackedLayout layout{.outputs = 3, .inputs = 2, .kernelHeight = 1, .kernelWidth = 2, .panel = 2};
  std::vector<float> source(layout.sourceElements());
  for (size_t i = 0; i < source.size(); ++i)
    source[i] = float(i + 1); // [o][i][kx]: value = o * 4 + i * 2 + kx + 1
  EXPECT_EQ(pack(source, layout), (std::vector<float>{1, 5, 3, 7, 2, 6, 4, 8, 9, 0, 11, 0, 10, 0, 12, 0}));
}

TEST(PackedLayout, PadsAVector) {
  PackedLayout layout{.outputs = 3, .panel = 4};
  EXPECT_EQ(pack({1.f, 2.f, 3.f}, layout), (std::vector<float>{1, 2, 3, 0}));
}

TEST(PackedLayout, PadsInputsToWholePanels) {
  PackedLayout layout{.outputs = 1, .inputs = 3, .kernelWidth = 2, .panel = 2, .inputPanel = 2};
  EXPECT_EQ(layout.packedElements(), 16);
  // [kx][input panel][lane][input]: value = i * 2 + kx + 1, the second lane is beyond the outputs.
  EXPECT_EQ(pack({1.f, 2.f, 3.f, 4.f, 5.f, 6.f}, layout),
            (std::vector<float>{1, 3, 0, 0, 5, 0, 0, 0, 2, 4, 0, 0, 6, 0, 0, 0}));
}
