// The measure of every check, by hand.
#include "support/RelativeError.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using fasternet::maxRelativeError;

TEST(RelativeError, IsRelativeToTheLargestExpectedValue) {
  EXPECT_EQ(maxRelativeError({1, -3}, {1, -4}), 0.25);
  EXPECT_EQ(maxRelativeError({1.5, -4}, {1, -4}), 0.125);
  EXPECT_EQ(maxRelativeError({}, {}), 0);
}

TEST(RelativeError, WhereZeroIsExpectedItIsAbsolute) {
  EXPECT_EQ(maxRelativeError({0.5, 0}, {0, 0}), 0.5);
}

TEST(RelativeError, ValuesThatAreNotFiniteAreInfinitelyWrong) {
  for (float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    EXPECT_TRUE(std::isinf(maxRelativeError({1, value}, {1, 2})));
}
