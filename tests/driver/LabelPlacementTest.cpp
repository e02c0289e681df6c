// Labels beside points: near, inside, and apart from each other and from all points.
#include "driver/LabelPlacement.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace fasternet;

static constexpr PictureArea area = {0, 0, 400, 300};
static constexpr double size = 15;

static double distance(PicturePoint a, PicturePoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

TEST(LabelPlacement, KeepsLabelsOfACrowdApart) {
  std::vector<PicturePoint> points;
  for (int i = 0; i < 12; ++i)
    points.push_back({390 - 2.0 * i, 10 + 1.5 * i}); // in a corner
  points.push_back(points[3]);                       // twice at one place
  const std::vector<PicturePoint> labels = placeLabels(points, area, size);
  ASSERT_EQ(labels.size(), points.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    EXPECT_GE(labels[i].x, size / 2);
    EXPECT_LE(labels[i].x, 400 - size / 2);
    EXPECT_GE(labels[i].y, size / 2);
    EXPECT_LE(labels[i].y, 300 - size / 2);
    EXPECT_LE(distance(labels[i], points[i]), 7 * size);
    for (const PicturePoint &point : points)
      EXPECT_GE(distance(labels[i], point), 0.7 * size);
    for (size_t other = 0; other < i; ++other)
      EXPECT_GE(distance(labels[i], labels[other]), size);
  }
}

TEST(LabelPlacement, StaysNearAPointThatIsAlone) {
  EXPECT_LT(distance(placeLabels({{200, 150}}, area, size)[0], {200, 150}), 1.5 * size);
}

TEST(LabelPlacement, HasALabelForEachPointWhereNothingIsFree) {
  const std::vector<PicturePoint> labels = placeLabels({{5, 5}, {5, 5}}, {0, 0, 10, 10}, size);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[1].x, 5 + size);
}
