// The border of an image whose memory held something else: zero, and the inside as it was.
#include "fasternet/abi.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

void check(size_t images, size_t height, size_t width, size_t pixelBytes) {
  const size_t row = (width + 2) * pixelBytes, bytes = images * (height + 2) * row;
  const unsigned char before = 0xa5;
  std::vector<unsigned char> memory(bytes + 2, before);
  fnet_internal_clear_border(memory.data() + 1, images, height, width, pixelBytes);
  EXPECT_EQ(memory.front(), before);
  EXPECT_EQ(memory.back(), before);
  for (size_t i = 0; i < bytes; ++i) {
    const size_t pixel = i / pixelBytes, x = pixel % (width + 2), y = pixel / (width + 2) % (height + 2);
    const bool isInside = x > 0 && x <= width && y > 0 && y <= height;
    ASSERT_EQ(memory[1 + i], isInside ? before : 0) << "byte " << i << ", row " << y << ", column " << x;
  }
}

TEST(Border, IsClearedAloneForImagesOfAnySize) {
  check(1, 7, 7, 12);
  check(3, 2, 5, 4);
  check(2, 1, 1, 2);
  check(1, 1, 6, 8);
  check(1, 6, 1, 8);
}

} // namespace
