// A roofline: how fast a kernel may be for its operations per byte, and how fast the kernels are. Made once,
// drawn as text and as SVG. S. Williams, A. Waterman, D. Patterson: Roofline: an insightful visual
// performance model for multicore architectures, 2009.
#pragma once

#include "driver/BenchReport.h"

#include <string>
#include <vector>

namespace fasternet {

/// A logarithmic axis over positive numbers.
struct LogAxis {
  double low = 1, high = 10;

  /// 0 at low, 1 at high, less or more outside.
  double position(double value) const;
  /// The value at a position.
  double value(double position) const;
  /// 1, 2 and 5 times the powers of ten that lie on the axis, ascending.
  std::vector<double> ticks() const;
};

struct RooflinePlot {
  struct Point {
    size_t kernel; ///< index in the report
    double intensity, gflops;
  };
  LogAxis intensity; ///< FLOP/byte
  LogAxis gflops;    ///< GFLOP/s
  double peakGflops = 1, bandwidthGbps = 1;
  std::string peakOf;        ///< as in the report
  std::vector<Point> points; ///< kernels without multiply-accumulates have no place on a logarithmic axis

  /// GFLOP/s that the machine leaves to a kernel of this many FLOP/byte.
  double roof(double flopsPerByte) const { return std::min(peakGflops, bandwidthGbps * flopsPerByte); }
  /// FLOP/byte from which on the multiply-adds bound a kernel.
  double ridge() const { return peakGflops / bandwidthGbps; }
};

RooflinePlot rooflinePlot(const BenchReport &report);

/// The plot in characters, at most 90 in a line: the roof as / and -, kernels as their letters. A kernel
/// whose place is taken stands beside it; * where there is no room.
std::string rooflineText(const RooflinePlot &plot);

} // namespace fasternet
