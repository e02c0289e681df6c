// What `fasternetc bench` prints: totals, a line per kernel, the roofline.
#include "driver/BenchReport.h"
#include "driver/Roofline.h"

#include "llvm/Support/FormatVariadic.h"

using namespace fasternet;

static double mebibytes(int64_t bytes) {
  return double(bytes) / (1 << 20);
}

std::string fasternet::benchTable(const BenchReport &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << report.model << ", " << report.target;
  if (!report.device)
    os << ", " << report.threads << (report.threads == 1 ? " thread" : " threads");
  os << ", batch " << report.batch << '\n';
  os << report.cpu << '\n';
  os << llvm::formatv("median {0:f3} ms (p10 {1:f3}, p90 {2:f3}), first result after {3:f3} ms\n",
                      report.medianMs, report.p10Ms, report.p90Ms, report.firstMs);
  if (const auto &device = report.device)
    os << llvm::formatv("as a graph {0:f3} ms; run_device {1:f3} ms, as a graph {2:f3} ms\n", device->graphMs,
                        device->deviceMs, device->deviceGraphMs);
  os << llvm::formatv("{0:f1} GFLOP/s of {1:f1} GFLOP/s {2} peak: {3:f1} %\n", report.gflops(),
                      report.peakGflops, report.peakOf, 100 * report.shareOfPeak());
  os << llvm::formatv("roofline {0:f3} ms with {1:f1} GB/s from memory: {2:f1} %\n", report.rooflineMs(),
                      report.bandwidthGbps, 100 * report.shareOfRoofline());
  os << llvm::formatv("peak memory {0:f1} MiB", mebibytes(report.peakMemoryBytes));
  if (report.device)
    os << llvm::formatv(", {0:f1} MiB on the device", mebibytes(report.device->bytes));
  os << "\n\n";

  os << llvm::formatv("  {0,-56}{1,6}{2,10}{3,9}{4,8}{5,8}{6,9}{7,8}\n", "kernel", "calls", "ms/call",
                      "GFLOP/s", "peak", "GB/s", "bound", "roof");
  for (size_t i = 0; i < report.kernels.size(); ++i) {
    const BenchReport::Kernel &kernel = report.kernels[i];
    os << llvm::formatv("{0} {1,-56}{2,6}{3,10:f3}", kernelLetter(i), kernel.name, kernel.count,
                        kernel.medianMs);
    if (kernel.macs > 0)
      os << llvm::formatv("{0,9:f1}{1,7:f1}%", kernel.gflops(), 100 * kernel.gflops() / report.peakGflops);
    else
      os.indent(17);
    os << llvm::formatv("{0,8:f1}{1,9}{2,7:f1}%\n", kernel.gbps(), boundName(report, kernel),
                        100 * report.shareOfRoofline(kernel));
  }
  os << '\n' << rooflineText(rooflinePlot(report));
  return text;
}
