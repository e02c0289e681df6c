// Where labels go in a picture, so that they cover neither each other nor the points.
#pragma once

#include <vector>

namespace fasternet {

/// Pixels; y grows downwards.
struct PicturePoint {
  double x = 0, y = 0;
};

struct PictureArea {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// The centre of each point's label, in the points' order. A label is a square of `size` pixels; it lies in
/// `area`, apart from all points and from the labels before it, as near to its point as that leaves, or
/// beside the point where nothing is free. The work grows with the square of the number of points.
std::vector<PicturePoint> placeLabels(const std::vector<PicturePoint> &points, const PictureArea &area,
                                      double size);

} // namespace fasternet
