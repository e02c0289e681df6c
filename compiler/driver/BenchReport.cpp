#include "driver/BenchReport.h"
#include "support/Diagnostics.h"
#include "support/KernelSpec.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <nlohmann/json.hpp>

using namespace fasternet;

/// Adds one step to the kernel that it is a call of; medianMs holds the sum until all are read.
static llvm::Error addStep(BenchReport &report, llvm::StringRef spec, double ms) {
  auto known =
      llvm::find_if(report.kernels, [&](const BenchReport::Kernel &kernel) { return kernel.name == spec; });
  if (known == report.kernels.end()) {
    auto parsed = KernelSpec::parse(spec);
    if (!parsed)
      return parsed.takeError();
    report.kernels.push_back({spec.str(), 0, 0, parsed->macs()});
    known = std::prev(report.kernels.end());
  }
  ++known->count;
  known->medianMs += ms;
  report.macs += known->macs;
  return llvm::Error::success();
}

llvm::Expected<BenchReport> fasternet::readBenchReport(llvm::StringRef output,
                                                       llvm::ArrayRef<std::string> steps) {
  BenchReport report;
  const std::pair<llvm::StringRef, double *> fields[] = {{"median_ms", &report.medianMs},
                                                         {"p10_ms", &report.p10Ms},
                                                         {"p90_ms", &report.p90Ms},
                                                         {"first_ms", &report.firstMs},
                                                         {"peak_gflops", &report.peakGflops}};
  size_t read = 0;
  llvm::SmallVector<llvm::StringRef> lines, words;
  output.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    words.clear();
    line.split(words, ' ', -1, /*KeepEmpty=*/false);
    double value = 0;
    if (words.size() < 2 || words.back().getAsDouble(value))
      continue;
    for (auto [name, field] : fields)
      if (words[0] == name)
        *field = value;
    size_t step = 0;
    if (words[0] == "step" && words.size() == 3 && !words[1].getAsInteger(10, step)) {
      if (step != read || step >= steps.size())
        return inputError("the measuring program printed '" + line + "', expected step " + llvm::Twine(read));
      if (llvm::Error error = addStep(report, steps[step], value))
        return error;
      ++read;
    }
  }
  if (read != steps.size() || report.medianMs <= 0 || report.peakGflops <= 0)
    return inputError("the measuring program's output is not complete:\n" + output);
  for (BenchReport::Kernel &kernel : report.kernels)
    kernel.medianMs /= double(kernel.count);
  return report;
}

static double gflops(const BenchReport::Kernel &kernel) {
  return 2e-6 * double(kernel.macs) / kernel.medianMs;
}

std::string fasternet::benchJson(const BenchReport &report) {
  nlohmann::ordered_json json = {{"model", report.model},
                                 {"target", report.target},
                                 {"threads", report.threads},
                                 {"batch", report.batch},
                                 {"median_ms", report.medianMs},
                                 {"p10_ms", report.p10Ms},
                                 {"p90_ms", report.p90Ms},
                                 {"first_ms", report.firstMs},
                                 {"gflops", report.gflops()},
                                 {"peak_gflops", report.peakGflops},
                                 {"share_of_peak", report.shareOfPeak()},
                                 {"kernels", nlohmann::ordered_json::array()}};
  for (const BenchReport::Kernel &kernel : report.kernels)
    json["kernels"].push_back({{"name", kernel.name},
                               {"count", kernel.count},
                               {"median_ms", kernel.medianMs},
                               {"gflops", gflops(kernel)},
                               {"share_of_peak", gflops(kernel) / report.peakGflops}});
  return json.dump(2) + "\n";
}

std::string fasternet::benchTable(const BenchReport &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::formatv("{0}, {1}, {2} thread{3}, batch {4}\n", report.model, report.target, report.threads,
                      report.threads == 1 ? "" : "s", report.batch);
  os << llvm::formatv("median {0:f3} ms (p10 {1:f3}, p90 {2:f3}), first result after {3:f3} ms\n",
                      report.medianMs, report.p10Ms, report.p90Ms, report.firstMs);
  os << llvm::formatv("{0:f1} GFLOP/s of {1:f1} GFLOP/s FMA peak: {2:f1} %\n\n", report.gflops(),
                      report.peakGflops, 100 * report.shareOfPeak());
  os << llvm::formatv("{0,-58}{1,6}{2,10}{3,10}{4,8}\n", "kernel", "calls", "ms/call", "GFLOP/s", "peak");
  for (const BenchReport::Kernel &kernel : report.kernels) {
    os << llvm::formatv("{0,-58}{1,6}{2,10:f3}", kernel.name, kernel.count, kernel.medianMs);
    if (kernel.macs > 0)
      os << llvm::formatv("{0,10:f1}{1,7:f1}%", gflops(kernel), 100 * gflops(kernel) / report.peakGflops);
    os << '\n';
  }
  return text;
}
