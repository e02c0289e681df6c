// A fused block under our default schedule, under the tuned one, and under Adams2019's, timed in turn.
#pragma once

#include "tune/MeasuringProgram.h"
#include "tune/SearchSubject.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace fasternet::benchmark {

class BlockComparison {
public:
  /// Compiles all schedules. `tuned`: complete parameters of the best one known.
  BlockComparison(const KernelSpec &spec, const Target &target, const SearchSubject &subject,
                  const std::string &tuned);

  /// One program with all of them. A row for each, with times, or with "why" there are none. An error:
  /// nothing could be measured.
  llvm::Expected<nlohmann::ordered_json> measure(const std::vector<float> &expected,
                                                 const MeasuringOptions &options) const;

private:
  struct Candidate {
    std::string row;
    std::optional<CompiledKernel> kernel;
    std::string why; ///< it could not be compiled
  };
  void add(const std::string &row, llvm::Expected<CompiledKernel> kernel);

  std::string text;
  double macs;
  const Target *target;
  std::vector<Candidate> candidates;
};

} // namespace fasternet::benchmark
