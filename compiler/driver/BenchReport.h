// The measuring program's output as numbers, and as the text and JSON that users see.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

/// Times in milliseconds; a GFLOP/s counts 2 operations for each multiply-accumulate of the published model.
struct BenchReport {
  std::string model, target;
  int64_t threads = 1, batch = 1;
  double medianMs = 0, p10Ms = 0, p90Ms = 0;
  double firstMs = 0;    ///< process start to first result
  double peakGflops = 0; ///< FMA peak of the threads used, measured between the runs
  int64_t macs = 0;      ///< of one run
  struct Kernel {
    std::string name;    ///< text form of the spec
    int64_t count = 0;   ///< calls per run
    double medianMs = 0; ///< one call: mean over its calls of their medians
    int64_t macs = 0;    ///< one call
  };
  std::vector<Kernel> kernels; ///< distinct, in order of first use

  double gflops() const { return 2e-6 * double(macs) / medianMs; }
  double shareOfPeak() const { return gflops() / peakGflops; }
};

/// Reads the lines of harness/bench.c; `steps` are the specs of the run's kernel calls in order.
llvm::Expected<BenchReport> readBenchReport(llvm::StringRef output, llvm::ArrayRef<std::string> steps);

std::string benchJson(const BenchReport &report);
std::string benchTable(const BenchReport &report);

} // namespace fasternet
