// The roofline in characters, for a terminal.
#include "driver/Roofline.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace fasternet;

static constexpr int columns = 60, rows = 14;
static constexpr int margin = 10; ///< before the axis, for its numbers

namespace {

/// Row 0 is the top.
class Canvas {
public:
  /// The row of a position on the vertical axis, out of range above and below.
  static int row(double position) { return int(std::floor((1 - position) * rows)); }
  static int column(double position) { return int(std::floor(position * columns)); }

  bool set(int row, int column, char character) {
    const bool inside = row >= 0 && row < rows && column >= 0 && column < columns;
    if (inside)
      lines[row][column] = character;
    return inside;
  }
  /// At the place or beside it; letters that were set before stay.
  void setLetter(int row, int column, char letter) {
    for (int aside : {0, 1, -1, 2, -2})
      if (isFree(row, column + aside) && set(row, column + aside, letter))
        return;
    set(row, column, '*');
  }
  const std::string &line(int row) const { return lines[row]; }

private:
  bool isFree(int row, int column) const {
    return row >= 0 && row < rows && column >= 0 && column < columns &&
           llvm::StringRef(" /-").contains(lines[row][column]);
  }

  std::vector<std::string> lines = std::vector<std::string>(rows, std::string(columns, ' '));
};

} // namespace

static std::string number(double value) {
  return llvm::formatv("{0}", llvm::format("%g", value)).str();
}

/// Numbers under the horizontal axis, left out where they would touch.
static std::string horizontalTicks(const LogAxis &axis) {
  std::string line(margin + 1 + columns, ' ');
  size_t free = margin + 1;
  for (double tick : axis.ticks()) {
    const std::string text = number(tick);
    const size_t begin = margin + 1 + Canvas::column(axis.position(tick));
    if (begin < free || begin + text.size() > line.size())
      continue;
    line.replace(begin, text.size(), text);
    free = begin + text.size() + 2;
  }
  return llvm::StringRef(line).rtrim().str();
}

std::string fasternet::rooflineText(const RooflinePlot &plot) {
  Canvas canvas;
  for (int column = 0; column < columns; ++column) {
    const double intensity = plot.intensity.value((column + 0.5) / columns);
    canvas.set(Canvas::row(plot.gflops.position(plot.roof(intensity))), column,
               intensity < plot.ridge() ? '/' : '-');
  }
  for (const RooflinePlot::Point &point : plot.points)
    canvas.setLetter(Canvas::row(plot.gflops.position(point.gflops)),
                     Canvas::column(plot.intensity.position(point.intensity)), kernelLetter(point.kernel));

  std::string ticks[rows];
  for (double tick : plot.gflops.ticks())
    if (const int row = Canvas::row(plot.gflops.position(tick)); row >= 0 && row < rows)
      ticks[row] = number(tick);
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::right_justify("GFLOP/s", margin)
     << llvm::formatv("  roof: {0:f1} GB/s from memory (/), {1:f1} GFLOP/s of {2} (-)\n", plot.bandwidthGbps,
                      plot.peakGflops, plot.peakOf);
  for (int row = 0; row < rows; ++row)
    os << llvm::right_justify(ticks[row], margin - 1) << " |" << llvm::StringRef(canvas.line(row)).rtrim()
       << '\n';
  os.indent(margin) << '+' << std::string(columns, '-') << '\n';
  os << horizontalTicks(plot.intensity) << "  FLOP/byte\n";
  return text;
}
