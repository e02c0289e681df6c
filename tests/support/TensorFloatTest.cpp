// Rounding to tf32: nearest, ties away from zero.
#include "support/TensorFloat.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using fasternet::roundedToTf32;

TEST(TensorFloat, KeepsTenBits) {
  EXPECT_EQ(roundedToTf32(1 + 0x1p-10f), 1 + 0x1p-10f);
  EXPECT_EQ(roundedToTf32(1 + 0x1p-12f), 1.0f);
  EXPECT_EQ(roundedToTf32(2 - 0x1p-23f), 2.0f); // carries into the exponent
}

TEST(TensorFloat, TiesGoAwayFromZero) {
  EXPECT_EQ(roundedToTf32(1 + 0x1p-11f), 1 + 0x1p-10f);
  EXPECT_EQ(roundedToTf32(-1 - 0x1p-11f), -1 - 0x1p-10f);
  EXPECT_EQ(roundedToTf32(1 + 3 * 0x1p-11f), 1 + 2 * 0x1p-10f);
}

TEST(TensorFloat, WhatIsNotFiniteStays) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(roundedToTf32(-infinity), -infinity);
  EXPECT_EQ(roundedToTf32(std::numeric_limits<float>::max()), infinity);
  EXPECT_TRUE(std::isnan(roundedToTf32(std::nanf(""))));
}
