// The search for one kernel's schedule without measuring: by predicted cost, the winner checked by running
// it.
#pragma once

#include "tune/Records.h"
#include "tune/SearchOptions.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <chrono>

namespace fasternet {

class PredictedSearch {
public:
  /// Starts from the default; what `known` has as predicted is not predicted again. `options.measuring` is
  /// for the check: a runner may be an emulator, since its times do not count.
  PredictedSearch(SearchSubject subject, const Records &known, const SearchOptions &options);

  /// Takes the best predicted step until none is better, or until the deadline or options.stop (looked at
  /// between handfuls of points); then checks the best point, or where that is wrong the next best ones, and
  /// records it. An error means that nothing can be predicted or checked at all.
  llvm::Error run(std::chrono::steady_clock::time_point deadline);
  const SearchState &state() const { return current; }

private:
  using Clock = std::chrono::steady_clock;
  /// False: stopped before all were predicted.
  llvm::Expected<bool> predict(llvm::ArrayRef<std::string> points, Clock::time_point deadline);
  TuningRecord newRecord(const std::string &point, TuningRecord::Outcome outcome) const;

  SearchSubject subject;
  SearchOptions options;
  llvm::StringMap<double> cycles; ///< 0 where the model does not say
  llvm::StringSet<> recordedBest, recordedLost;
  SearchState current;
};

} // namespace fasternet
