#include "driver/BenchPage.h"
#include "driver/BenchPictures.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace fasternet;

static constexpr const char *style = R"(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2937; --soft: #6b7280; --grid: #e5e7eb;
  --patch_conv: #1d4ed8; --block: #0f766e; --head: #b45309; --affine: #7e22ce; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #111827; --ink: #e5e7eb; --soft: #9ca3af; --grid: #2b3648;
    --patch_conv: #7aa2ff; --block: #2dd4bf; --head: #fbbf24; --affine: #d8a6ff; } }
body { background: var(--paper); color: var(--ink); max-width: 1180px; margin: 2em auto; padding: 0 1em;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 22px; margin-bottom: 0; } h2 { font-size: 16px; margin-top: 2em; }
.soft { color: var(--soft); } .scroll { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content auto; gap: 2px 1.2em; }
dt { color: var(--soft); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 3px 6px; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th { color: var(--soft); font-weight: normal; } .left { text-align: left; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 12px; }
svg text.soft { fill: var(--soft); font-size: 11px; } code, svg text.code { font-family: ui-monospace, monospace; }
.kind { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin: 0 4px 0 12px; }
)";

static constexpr const char *explanation = R"(<p class="soft">
Operations are those of the published model; bytes are inputs, outputs and weights, each once. The roofline
is the longer of operations at that peak and bytes at the bandwidth of main memory; what comes from a
cache can be faster. Kernels without multiply-adds are not in the picture.</p>
)";

static std::string escaped(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  llvm::printHTMLEscaped(text, os);
  return result;
}

static void writeSummary(llvm::raw_ostream &os, const BenchReport &report) {
  auto row = [&](llvm::StringRef term, const std::string &text) {
    os << "<dt>" << term << "</dt><dd>" << escaped(text) << "</dd>\n";
  };
  os << "<dl>\n";
  row("machine", report.cpu);
  row("target", report.target);
  row("threads, batch", llvm::formatv("{0}, {1}", report.threads, report.batch));
  if (const auto &device = report.device) {
    row("run as a graph", llvm::formatv("{0:f3} ms", device->graphMs));
    row("run_device",
        llvm::formatv("{0:f3} ms, as a graph {1:f3} ms", device->deviceMs, device->deviceGraphMs));
    row("on the device", llvm::formatv("{0:f1} MiB", double(device->bytes) / (1 << 20)));
  }
  row("time of a run", llvm::formatv("{0:f3} ms (median; p10 {1:f3}, p90 {2:f3})", report.medianMs,
                                     report.p10Ms, report.p90Ms));
  row("first result", llvm::formatv("{0:f3} ms after the start of the process", report.firstMs));
  row("peak memory", llvm::formatv("{0:f1} MiB", double(report.peakMemoryBytes) / (1 << 20)));
  row("multiply-adds",
      llvm::formatv("{0:f1} GFLOP/s, {1:f1} % of the {2} peak of {3:f1} GFLOP/s", report.gflops(),
                    100 * report.shareOfPeak(), report.peakOf, report.peakGflops));
  row("roofline", llvm::formatv("{0:f3} ms, {1:f1} % of the time of a run; {2:f1} GB/s from memory",
                                report.rooflineMs(), 100 * report.shareOfRoofline(), report.bandwidthGbps));
  os << "</dl>\n";
}

static void writeTable(llvm::raw_ostream &os, const BenchReport &report) {
  os << "<div class=\"scroll\"><table>\n<tr><th></th><th "
        "class=\"left\">kernel</th><th>calls</th><th>ms/call</th>"
        "<th>GFLOP/s</th><th>of peak</th><th>FLOP/byte</th><th>GB/s</th><th>of memory</th><th>bound</th>"
        "<th>roofline ms</th><th>of roofline</th></tr>\n";
  for (size_t i = 0; i < report.kernels.size(); ++i) {
    const BenchReport::Kernel &kernel = report.kernels[i];
    os << llvm::formatv("<tr><td>{0}</td><td class=\"left\"><code>{1}</code></td><td>{2}</td><td>{3:f3}</td>",
                        kernelLetter(i), escaped(kernel.name), kernel.count, kernel.medianMs);
    if (kernel.macs > 0)
      os << llvm::formatv("<td>{0:f1}</td><td>{1:f1} %</td><td>{2:f1}</td>", kernel.gflops(),
                          100 * kernel.gflops() / report.peakGflops, kernel.intensity());
    else
      os << "<td></td><td></td><td></td>";
    os << llvm::formatv("<td>{0:f1}</td><td>{1:f1} %</td><td>{2}</td><td>{3:f3}</td><td>{4:f1} %</td></tr>\n",
                        kernel.gbps(), 100 * kernel.gbps() / report.bandwidthGbps, boundName(report, kernel),
                        report.rooflineMs(kernel), 100 * report.shareOfRoofline(kernel));
  }
  os << "</table></div>\n";
}

std::string fasternet::benchPage(const BenchReport &report) {
  std::string page;
  llvm::raw_string_ostream os(page);
  const std::string title = escaped(report.model + " on " + report.cpu);
  os << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
     << title << "</title>\n<style>" << style << "</style>\n</head>\n<body>\n<h1>" << escaped(report.model)
     << "</h1>\n<p class=\"soft\">measured by fasternetc bench</p>\n";
  writeSummary(os, report);
  os << "<h2>Kernels</h2>\n";
  writeTable(os, report);
  os << explanation << "<h2>Roofline</h2>\n";
  writeKindLegend(os, report);
  writeRooflinePicture(os, report);
  os << "<h2>Time of each kernel call, in order</h2>\n";
  writeKindLegend(os, report);
  writeStepsPicture(os, report);
  os << "</body>\n</html>\n";
  return page;
}
