#include "driver/BenchReport.h"
#include "support/Diagnostics.h"
#include "support/KernelSpec.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/TargetParser/Host.h"

#include <cmath>

using namespace fasternet;

/// The program's clock counts nanoseconds: shorter steps are printed as zero.
static constexpr double leastStepMs = 1e-6;

double BenchReport::rooflineMs(const Kernel &kernel) const {
  return std::max(2e-6 * double(kernel.macs) / peakGflops, 1e-6 * double(kernel.bytes) / bandwidthGbps);
}

bool BenchReport::boundByMemory(const Kernel &kernel) const {
  return kernel.intensity() * bandwidthGbps < peakGflops;
}

double BenchReport::rooflineMs() const {
  double sum = 0;
  for (const Kernel &kernel : kernels)
    sum += double(kernel.count) * rooflineMs(kernel);
  return sum;
}

llvm::StringRef fasternet::boundName(const BenchReport &report, const BenchReport::Kernel &kernel) {
  return report.boundByMemory(kernel) ? "memory" : "compute";
}

char fasternet::kernelLetter(size_t index) {
  const llvm::StringRef letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return index < letters.size() ? letters[index] : '+';
}

/// ARM cores have a number in place of a name; LLVM knows the names.
static std::string cpuName(llvm::StringRef printed) {
  uint64_t midr = 0;
  llvm::StringRef number = printed;
  if (!number.consume_front("midr ") || number.getAsInteger(0, midr))
    return printed.str();
  const std::string info = llvm::formatv("CPU implementer : {0:x}\nCPU variant : {1:x}\nCPU part : {2:x}\n",
                                         midr >> 24 & 0xff, midr >> 20 & 0xf, midr >> 4 & 0xfff);
  const llvm::StringRef name = llvm::sys::detail::getHostCPUNameForARM(info);
  return name == "generic" ? printed.str() : name.str();
}

/// Adds one step, and to the kernel that it is a call of; the kernel's medianMs holds the sum until all are
/// read.
static llvm::Error addStep(BenchReport &report, llvm::StringRef spec, double ms) {
  auto known =
      llvm::find_if(report.kernels, [&](const BenchReport::Kernel &kernel) { return kernel.name == spec; });
  if (known == report.kernels.end()) {
    auto parsed = KernelSpec::parse(spec);
    if (!parsed)
      return parsed.takeError();
    report.kernels.push_back({spec.str(), 0, 0, parsed->macs(), parsed->bytes()});
    known = std::prev(report.kernels.end());
  }
  ++known->count;
  known->medianMs += ms;
  report.macs += known->macs;
  report.steps.push_back({size_t(known - report.kernels.begin()), ms});
  return llvm::Error::success();
}

llvm::Expected<BenchReport> fasternet::readBenchReport(llvm::StringRef output,
                                                       llvm::ArrayRef<std::string> steps) {
  BenchReport report;
  BenchReport::Device device;
  double peakMemoryBytes = 0, deviceBytes = 0;
  const std::pair<llvm::StringRef, double *> fields[] = {{"median_ms", &report.medianMs},
                                                         {"p10_ms", &report.p10Ms},
                                                         {"p90_ms", &report.p90Ms},
                                                         {"first_ms", &report.firstMs},
                                                         {"peak_gflops", &report.peakGflops},
                                                         {"bandwidth_gbps", &report.bandwidthGbps},
                                                         {"peak_memory_bytes", &peakMemoryBytes},
                                                         {"graph_ms", &device.graphMs},
                                                         {"device_ms", &device.deviceMs},
                                                         {"device_graph_ms", &device.deviceGraphMs},
                                                         {"device_bytes", &deviceBytes}};
  llvm::SmallVector<llvm::StringRef> lines, words;
  output.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    words.clear();
    line.split(words, ' ', -1, /*KeepEmpty=*/false);
    if (line.starts_with("cpu "))
      report.cpu = cpuName(line.drop_front(4).trim());
    double value = 0;
    if (words.size() < 2 || words.back().getAsDouble(value) || !std::isfinite(value))
      continue;
    for (auto [name, field] : fields)
      if (words[0] == name)
        *field = value;
    size_t step = 0;
    if (words[0] == "step" && words.size() == 3 && !words[1].getAsInteger(10, step)) {
      const size_t expected = report.steps.size();
      if (step != expected || step >= steps.size())
        return inputError("the measuring program printed '" + line + "', expected step " +
                          llvm::Twine(expected));
      if (llvm::Error error = addStep(report, steps[step], std::max(value, leastStepMs)))
        return error;
    }
  }
  if (report.steps.size() != steps.size() || report.medianMs <= 0 || report.peakGflops <= 0 ||
      report.bandwidthGbps <= 0)
    return inputError("the measuring program's output is not complete:\n" + output);
  report.peakMemoryBytes = int64_t(peakMemoryBytes);
  device.bytes = int64_t(deviceBytes);
  if (device.deviceGraphMs > 0)
    report.device = device;
  for (BenchReport::Kernel &kernel : report.kernels)
    kernel.medianMs /= double(kernel.count);
  return report;
}
