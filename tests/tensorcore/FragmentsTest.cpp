// The layouts of mma.sync fragments: every element has one place, and corners lie where the PTX manual says.
#include "tensorcore/emulation/Fragments.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

using namespace fasternet;
using namespace fasternet::tensorcore;

static bool covers(int rows, int columns, int elements, const std::function<MatrixPlace(int, int)> &placeOf) {
  std::set<std::pair<int, int>> places;
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < elements; ++i) {
      const MatrixPlace place = placeOf(lane, i);
      if (place.row < 0 || place.row >= rows || place.column < 0 || place.column >= columns)
        return false;
      places.insert({place.row, place.column});
    }
  return int(places.size()) == rows * columns && rows * columns == 32 * elements;
}

TEST(Fragments, EveryElementHasOnePlace) {
  const ElementType f16 = ElementType::F16, tf32 = ElementType::F32;
  auto left = [](ElementType type) { return [=](int lane, int i) { return leftPlace(type, lane, i); }; };
  auto right = [](ElementType type) { return [=](int lane, int i) { return rightPlace(type, lane, i); }; };
  EXPECT_TRUE(covers(16, 16, 8, left(f16)));
  EXPECT_TRUE(covers(16, 8, 4, left(f16)));
  EXPECT_TRUE(covers(16, 8, 4, left(tf32)));
  EXPECT_TRUE(covers(16, 8, 4, right(f16)));
  EXPECT_TRUE(covers(8, 8, 2, right(f16)));
  EXPECT_TRUE(covers(8, 8, 2, right(tf32)));
  EXPECT_TRUE(covers(16, 8, 4, sumPlace));
}

static void expectPlace(MatrixPlace place, int row, int column) {
  EXPECT_EQ(place.row, row);
  EXPECT_EQ(place.column, column);
}

TEST(Fragments, LieWhereTheManualSays) {
  const ElementType f16 = ElementType::F16, tf32 = ElementType::F32;
  // Lane 5: group 1, member 1.
  expectPlace(leftPlace(f16, 5, 1), 1, 3);
  expectPlace(leftPlace(f16, 5, 2), 9, 2);
  expectPlace(leftPlace(f16, 5, 4), 1, 10);
  expectPlace(leftPlace(f16, 5, 7), 9, 11);
  expectPlace(leftPlace(tf32, 5, 1), 9, 1);
  expectPlace(leftPlace(tf32, 5, 2), 1, 5);
  expectPlace(rightPlace(f16, 5, 3), 11, 1);
  expectPlace(rightPlace(tf32, 5, 1), 5, 1);
  expectPlace(sumPlace(5, 3), 9, 3);
}
