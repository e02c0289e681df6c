#include "driver/BenchPictures.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace fasternet;

static constexpr double width = 960, rowHeight = 18, barHeight = 12, header = 24;
static constexpr double barsLeft = 390, barsRight = width - 70; ///< room for names and for numbers

/// 1, 2 or 5 times a power of ten, so that it goes 2 to 5 times into the longest time.
static double tickMs(double longestMs) {
  const double decade = std::pow(10, std::floor(std::log10(longestMs)));
  const double times = longestMs / decade; // from 1 to 10
  return decade * (times < 2 ? 0.5 : times < 5 ? 1 : 2);
}

static void writeAxis(llvm::raw_ostream &os, double longestMs, double bottom) {
  const double step = tickMs(longestMs);
  for (int i = 0; i * step <= longestMs; ++i) {
    const double x = barsLeft + (barsRight - barsLeft) * i * step / longestMs;
    os << llvm::formatv("<line x1=\"{0:f1}\" x2=\"{0:f1}\" y1=\"{1}\" y2=\"{2}\" stroke=\"var(--grid)\"/>"
                        "<text class=\"soft\" x=\"{0:f1}\" y=\"12\" text-anchor=\"middle\">{3} ms</text>\n",
                        x, header - 6, bottom, llvm::format("%g", i * step));
  }
}

static void writeStep(llvm::raw_ostream &os, const BenchReport &report, const BenchReport::Step &step,
                      double top, double pixelsPerMs) {
  const BenchReport::Kernel &kernel = report.kernels[step.kernel];
  const double length = step.medianMs * pixelsPerMs,
               roof = barsLeft + report.rooflineMs(kernel) * pixelsPerMs;
  os << "<g><title>";
  llvm::printHTMLEscaped(kernel.name, os);
  os << llvm::formatv("\n{0:f3} ms, {1:f1} % of a run; roofline {2:f3} ms ({3})</title>\n", step.medianMs,
                      100 * step.medianMs / report.medianMs, report.rooflineMs(kernel),
                      boundName(report, kernel));
  os << llvm::formatv("<text x=\"0\" y=\"{0:f1}\" font-weight=\"bold\">{1}</text>"
                      "<text class=\"soft code\" x=\"16\" y=\"{0:f1}\">",
                      top + 10, kernelLetter(step.kernel));
  llvm::printHTMLEscaped(kernel.name, os);
  os << llvm::formatv("</text>\n<rect x=\"{0}\" y=\"{1:f1}\" width=\"{2:f1}\" height=\"{3}\" rx=\"2\" "
                      "fill=\"var(--{4})\"/>",
                      barsLeft, top, length, barHeight, kernelStyle(kernel.name));
  // Outlined in the paper's colour, so that it shows on the bar too.
  os << llvm::formatv("<rect x=\"{0:f1}\" y=\"{1:f1}\" width=\"3\" height=\"{2}\" fill=\"var(--ink)\" "
                      "stroke=\"var(--paper)\" stroke-width=\"0.7\"/>",
                      roof - 1.5, top - 2, barHeight + 4);
  os << llvm::formatv("<text class=\"soft\" x=\"{0:f1}\" y=\"{1:f1}\">{2:f3}</text></g>\n",
                      std::max(barsLeft + length, roof) + 6, top + 10, step.medianMs);
}

void fasternet::writeStepsPicture(llvm::raw_ostream &os, const BenchReport &report) {
  double longestMs = 0;
  for (const BenchReport::Step &step : report.steps)
    longestMs = std::max({longestMs, step.medianMs, report.rooflineMs(report.kernels[step.kernel])});
  const double bottom = header + rowHeight * double(report.steps.size());
  os << "<p class=\"soft\">Bars are medians; the mark across is the roofline of the call.</p>\n";
  os << llvm::formatv("<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"time of each kernel call\">\n",
                      width, bottom + 4);
  writeAxis(os, longestMs, bottom);
  double top = header;
  for (const BenchReport::Step &step : report.steps) {
    writeStep(os, report, step, top, (barsRight - barsLeft) / longestMs);
    top += rowHeight;
  }
  os << "</svg>\n";
}
