// `fasternetc bench`: latency of a compiled library and its share of the FMA peak and of the roofline,
// measured in one program.
#pragma once

#include "driver/RecordSources.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

struct BenchOptions {
  std::string model, weights, name, cc, runner;
  std::vector<const Target *> targets; ///< exactly one
  int64_t threads = 1;
  double seconds = 2; ///< of measuring, about
  bool json = false;
  std::string html; ///< path of a page with the report; empty: none
  RecordSources records;
  ElementType precision = ElementType::F32;
  const Target *host = nullptr; ///< of GPUs: the CPU target of their host code
};

/// Prints the report on stdout. An options.html that cannot be written is an error before anything is
/// measured.
llvm::Error bench(const BenchOptions &options);

} // namespace fasternet
