// Rounding to half precision: nearest, ties to even, over its whole range.
#include "support/HalfPrecision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace fasternet;

TEST(HalfPrecision, ExactNumbersKeepTheirBits) {
  EXPECT_EQ(halfBits(0.0f), 0x0000);
  EXPECT_EQ(halfBits(-0.0f), 0x8000);
  EXPECT_EQ(halfBits(1.0f), 0x3c00);
  EXPECT_EQ(halfBits(-2.5f), 0xc100);
  EXPECT_EQ(halfBits(65504.0f), 0x7bff); // the largest
  EXPECT_EQ(halfBits(0x1p-24f), 0x0001); // the smallest
}

TEST(HalfPrecision, TiesGoToTheEvenNeighbour) {
  // Neighbours of 1 are 2^-10 apart.
  EXPECT_EQ(halfBits(1 + 0x1p-11f), 0x3c00);
  EXPECT_EQ(halfBits(1 + 3 * 0x1p-11f), 0x3c02);
  EXPECT_EQ(halfBits(1 + 0x1p-11f + 0x1p-20f), 0x3c01);
  EXPECT_EQ(halfBits(0x1p-25f), 0x0000);
  EXPECT_EQ(halfBits(3 * 0x1p-25f), 0x0002);
}

TEST(HalfPrecision, BeyondTheRangeIsInfinity) {
  EXPECT_EQ(halfBits(65519.0f), 0x7bff);
  EXPECT_EQ(halfBits(65520.0f), 0x7c00);
  EXPECT_EQ(halfBits(-1e30f), 0xfc00);
  EXPECT_EQ(halfBits(std::numeric_limits<float>::infinity()), 0x7c00);
  EXPECT_TRUE(std::isnan(roundedToHalf(std::nanf(""))));
}

TEST(HalfPrecision, RoundedValuesAreFloatsAgain) {
  EXPECT_EQ(roundedToHalf(1 + 0x1p-11f + 0x1p-20f), 1 + 0x1p-10f);
  EXPECT_EQ(roundedToHalf(-0x1p-24f), -0x1p-24f);
  const float values[] = {1.0f, -2.5f};
  EXPECT_EQ(halfBits(values), (std::vector<uint16_t>{0x3c00, 0xc100}));
}
