// The measuring program's output as numbers, each kernel beside its roofline.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace fasternet {

/// Times in milliseconds; a GFLOP/s counts 2 operations for each multiply-accumulate of the published model,
/// a GB/s the bytes that must move at least once (KernelSpec::bytes).
///
/// The roofline of a kernel is the least time that the machine leaves it: the longer one of its operations at
/// the FMA peak and its bytes at the bandwidth of main memory. A kernel whose bytes come from a cache can be
/// faster than that.
struct BenchReport {
  std::string model, target;
  std::string cpu = "unknown"; ///< of the machine that ran the program
  int64_t threads = 1, batch = 1;
  double medianMs = 0, p10Ms = 0, p90Ms = 0;
  double firstMs = 0;          ///< process start to first result; median of several starts on a CPU
  double peakGflops = 0;       ///< FMA peak of the threads used, measured between the runs
  double bandwidthGbps = 0;    ///< reading main memory with the threads used, measured between the runs
  int64_t peakMemoryBytes = 0; ///< largest resident set of the process, weights and code included
  int64_t macs = 0;            ///< of one run

  /// Of a GPU; bandwidth, peak and cpu are the GPU's then, and the times above those of run, which copies
  /// from and to the host.
  struct Device {
    double graphMs = 0;       ///< run with its launches as one graph
    double deviceMs = 0;      ///< run_device, from its first launch to its last result
    double deviceGraphMs = 0; ///< the same as one graph
    int64_t bytes = 0;        ///< what an instance holds on the device
  };
  std::optional<Device> device;
  std::string peakOf = "FMA"; ///< instruction whose rate the peak is

  struct Kernel {
    std::string name;    ///< text form of the spec
    int64_t count = 0;   ///< calls per run
    double medianMs = 0; ///< one call: mean over its calls of their medians
    int64_t macs = 0;    ///< one call
    int64_t bytes = 0;   ///< one call

    double gflops() const { return 2e-6 * double(macs) / medianMs; }
    double gbps() const { return 1e-6 * double(bytes) / medianMs; }
    double intensity() const { return 2 * double(macs) / double(bytes); } ///< FLOP/byte
  };
  struct Step {
    size_t kernel = 0;
    double medianMs = 0;
  };
  std::vector<Kernel> kernels; ///< distinct, in order of first use
  std::vector<Step> steps;     ///< the run's kernel calls in order

  double gflops() const { return 2e-6 * double(macs) / medianMs; }
  double shareOfPeak() const { return gflops() / peakGflops; }

  double rooflineMs(const Kernel &kernel) const;
  /// Whether memory leaves less than the multiply-adds do.
  bool boundByMemory(const Kernel &kernel) const;
  double shareOfRoofline(const Kernel &kernel) const { return rooflineMs(kernel) / kernel.medianMs; }
  /// Of a whole run: the sum over its calls.
  double rooflineMs() const;
  double shareOfRoofline() const { return rooflineMs() / medianMs; }
};

/// Reads the lines of harness/bench.c or cuda_bench.c; `steps` are the specs of the run's kernel calls in
/// order.
llvm::Expected<BenchReport> readBenchReport(llvm::StringRef output, llvm::ArrayRef<std::string> steps);

/// "memory" or "compute": what the kernel's roofline comes from.
llvm::StringRef boundName(const BenchReport &report, const BenchReport::Kernel &kernel);

/// What stands for kernel `index` in pictures: A to Z, a to z, '+' for all others.
char kernelLetter(size_t index);

std::string benchJson(const BenchReport &report);
/// A table of the kernels, and the roofline in characters.
std::string benchTable(const BenchReport &report);

} // namespace fasternet
