// The search for one kernel's schedule without measuring: by predicted cost, the winner checked by running it.
#pragma once

#include "tune/SearchOptions.h"

#include "llvm/ADT/StringMap.h"

#include <chrono>

namespace fasternet {

class PredictedSearch {
public:
  /// Starts from the default. `options.measuring` runs the check: a runner may be an emulator, since its times
  /// do not count.
  PredictedSearch(SearchSubject subject, const SearchOptions &options);

  /// Takes the best predicted step until none is better, or until the deadline or options.stop; then checks
  /// the best point, or where that is wrong the next best ones, and records it. An error means that nothing
  /// can be predicted or checked at all.
  llvm::Error run(std::chrono::steady_clock::time_point deadline);
  const SearchState &state() const { return current; }

private:
  llvm::Error predict(llvm::ArrayRef<std::string> points);
  llvm::Expected<CandidateResult> check(const std::string &point);
  TuningRecord newRecord(const std::string &point, TuningRecord::Outcome outcome) const;

  SearchSubject subject;
  SearchOptions options;
  llvm::StringMap<double> cycles;
  SearchState current;
};

} // namespace fasternet
