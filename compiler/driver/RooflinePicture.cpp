#include "driver/BenchPictures.h"
#include "driver/LabelPlacement.h"
#include "driver/Roofline.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace fasternet;

static constexpr double width = 960, height = 480;
static constexpr PictureArea plotArea = {64, 16, width - 24, height - 48};
static constexpr double labelSize = 15;

llvm::StringRef fasternet::kernelStyle(llvm::StringRef name) {
  return name.split('-').first;
}

void fasternet::writeKindLegend(llvm::raw_ostream &os, const BenchReport &report) {
  llvm::SmallVector<llvm::StringRef> kinds;
  for (const BenchReport::Kernel &kernel : report.kernels)
    if (const llvm::StringRef kind = kernelStyle(kernel.name); !llvm::is_contained(kinds, kind))
      kinds.push_back(kind);
  os << "<p>";
  for (llvm::StringRef kind : kinds)
    os << llvm::formatv("<span class=\"kind\" style=\"background: var(--{0})\"></span>{0}\n", kind);
  os << "</p>\n";
}

static PicturePoint place(const RooflinePlot &plot, double intensity, double gflops) {
  return {plotArea.left + plot.intensity.position(intensity) * (plotArea.right - plotArea.left),
          plotArea.bottom - plot.gflops.position(gflops) * (plotArea.bottom - plotArea.top)};
}

static void writeAxes(llvm::raw_ostream &os, const RooflinePlot &plot) {
  for (double tick : plot.intensity.ticks()) {
    const double x = place(plot, tick, plot.peakGflops).x;
    os << llvm::formatv("<line x1=\"{0:f1}\" x2=\"{0:f1}\" y1=\"{1}\" y2=\"{2}\" stroke=\"var(--grid)\"/>"
                        "<text class=\"soft\" x=\"{0:f1}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
                        x, plotArea.top, plotArea.bottom, plotArea.bottom + 16, llvm::format("%g", tick));
  }
  for (double tick : plot.gflops.ticks()) {
    const double y = place(plot, plot.ridge(), tick).y;
    os << llvm::formatv("<line x1=\"{1}\" x2=\"{2}\" y1=\"{0:f1}\" y2=\"{0:f1}\" stroke=\"var(--grid)\"/>"
                        "<text class=\"soft\" x=\"{3}\" y=\"{4:f1}\" text-anchor=\"end\">{5}</text>\n",
                        y, plotArea.left, plotArea.right, plotArea.left - 6, y + 4, llvm::format("%g", tick));
  }
  const double middle = (plotArea.top + plotArea.bottom) / 2;
  os << llvm::formatv(
      "<text x=\"{0}\" y=\"{1}\" text-anchor=\"middle\">arithmetic intensity, FLOP/byte</text>\n",
      (plotArea.left + plotArea.right) / 2, height - 8);
  os << llvm::formatv("<text x=\"14\" y=\"{0}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {0})\">"
                      "GFLOP/s</text>\n",
                      middle);
}

/// The roof between the edges of the picture, and what its two parts stand for.
static void writeRoof(llvm::raw_ostream &os, const RooflinePlot &plot) {
  // Where the slope comes in: at the left edge, or at the bottom.
  const double begin = std::max(plot.intensity.low, plot.gflops.low / plot.bandwidthGbps);
  const PicturePoint foot = place(plot, begin, plot.roof(begin)),
                     ridge = place(plot, plot.ridge(), plot.peakGflops);
  os << llvm::formatv("<polyline points=\"{0:f1},{1:f1} {2:f1},{3:f1} {4},{3:f1}\" fill=\"none\" "
                      "stroke=\"var(--ink)\" stroke-width=\"2\"/>\n",
                      foot.x, foot.y, ridge.x, ridge.y, plotArea.right);
  os << llvm::formatv("<text x=\"{0}\" y=\"{1:f1}\" text-anchor=\"end\">{3} peak {2:f1} GFLOP/s</text>\n",
                      plotArea.right - 4, ridge.y - 7, plot.peakGflops, plot.peakOf);
  const PicturePoint middle = {(foot.x + ridge.x) / 2, (foot.y + ridge.y) / 2};
  os << llvm::formatv("<text x=\"{0:f1}\" y=\"{1:f1}\" text-anchor=\"end\">memory {2:f1} GB/s</text>\n",
                      middle.x - 8, middle.y - 6, plot.bandwidthGbps);
}

static void writeKernel(llvm::raw_ostream &os, const BenchReport &report, size_t index, PicturePoint at,
                        PicturePoint label) {
  const BenchReport::Kernel &kernel = report.kernels[index];
  const std::string colour = ("var(--" + kernelStyle(kernel.name) + ")").str();
  os << "<g><title>";
  llvm::printHTMLEscaped(kernel.name, os);
  os << llvm::formatv(
      "\n{0:f3} ms, {1:f1} GFLOP/s, {2:f1} GB/s, {3:f1} FLOP/byte\n{4:f1} % of its roofline, bound "
      "by {5}</title>\n",
      kernel.medianMs, kernel.gflops(), kernel.gbps(), kernel.intensity(),
      100 * report.shareOfRoofline(kernel), boundName(report, kernel));
  os << llvm::formatv("<line x1=\"{0:f1}\" y1=\"{1:f1}\" x2=\"{2:f1}\" y2=\"{3:f1}\" stroke=\"{4}\" "
                      "stroke-opacity=\"0.5\"/>\n",
                      at.x, at.y, label.x, label.y, colour);
  os << llvm::formatv("<circle cx=\"{0:f1}\" cy=\"{1:f1}\" r=\"5\" fill=\"{2}\" fill-opacity=\"0.75\" "
                      "stroke=\"var(--paper)\"/>\n",
                      at.x, at.y, colour);
  os << llvm::formatv(
      "<circle cx=\"{0:f1}\" cy=\"{1:f1}\" r=\"{2}\" fill=\"var(--paper)\"/>"
      "<text x=\"{0:f1}\" y=\"{3:f1}\" text-anchor=\"middle\" font-weight=\"bold\">{4}</text></g>\n",
      label.x, label.y, labelSize / 2, label.y + 4, kernelLetter(index));
}

void fasternet::writeRooflinePicture(llvm::raw_ostream &os, const BenchReport &report) {
  const RooflinePlot plot = rooflinePlot(report);
  os << llvm::formatv("<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"roofline\">\n", width, height);
  writeAxes(os, plot);
  writeRoof(os, plot);
  std::vector<PicturePoint> points;
  for (const RooflinePlot::Point &point : plot.points)
    points.push_back(place(plot, point.intensity, point.gflops));
  // What is written above the roof stays free.
  PictureArea labelArea = plotArea;
  labelArea.top = place(plot, plot.ridge(), plot.peakGflops).y;
  const std::vector<PicturePoint> labels = placeLabels(points, labelArea, labelSize);
  for (size_t i = 0; i < points.size(); ++i)
    writeKernel(os, report, plot.points[i].kernel, points[i], labels[i]);
  os << "</svg>\n";
}
