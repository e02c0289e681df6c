// `fasternetc bench`: latency of a compiled library and its share of the FMA peak, measured in one program.
#pragma once

#include "driver/RecordSources.h"
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
  RecordSources records;
};

llvm::Error bench(const BenchOptions &options);

} // namespace fasternet
