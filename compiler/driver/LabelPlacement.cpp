#include "driver/LabelPlacement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace fasternet;

/// Rings around a point on which its label is tried, in label sizes, and places on each.
static constexpr double nearest = 0.9, farthest = 7, ringStep = 0.4;
static constexpr int directions = 24;

static bool apart(PicturePoint a, PicturePoint b, double distance) {
  return std::abs(a.x - b.x) >= distance || std::abs(a.y - b.y) >= distance;
}

std::vector<PicturePoint> fasternet::placeLabels(const std::vector<PicturePoint> &points,
                                                 const PictureArea &area, double size) {
  std::vector<PicturePoint> labels;
  auto isFree = [&](PicturePoint at) {
    return at.x - size / 2 >= area.left && at.x + size / 2 <= area.right && at.y - size / 2 >= area.top &&
           at.y + size / 2 <= area.bottom &&
           std::all_of(points.begin(), points.end(),
                       [&](PicturePoint point) { return apart(at, point, 0.7 * size); }) &&
           std::all_of(labels.begin(), labels.end(),
                       [&](PicturePoint label) { return apart(at, label, size); });
  };
  for (const PicturePoint &point : points) {
    PicturePoint chosen = {point.x + size, point.y};
    bool found = false;
    for (double ring = nearest; ring <= farthest && !found; ring += ringStep)
      for (int i = 0; i < directions && !found; ++i) {
        // Below the point first: above are the roof and what is written there.
        const double angle = std::numbers::pi / 2 + 2 * std::numbers::pi * i / directions;
        const PicturePoint at = {point.x + ring * size * std::cos(angle),
                                 point.y + ring * size * std::sin(angle)};
        found = isFree(at);
        if (found)
          chosen = at;
      }
    labels.push_back(chosen);
  }
  return labels;
}
