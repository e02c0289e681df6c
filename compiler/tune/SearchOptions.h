// What every search is told and tells, and what searches share.
#pragma once

#include "tune/MeasuringProgram.h"
#include "tune/Record.h"
#include "tune/RecordsFile.h"
#include "tune/SearchSubject.h"

#include <functional>

namespace fasternet {

/// Where a search stands.
struct SearchState {
  std::string parameters;  ///< best so far
  double milliseconds = 0; ///< of it; 0 where nothing is measured
  double shareOfPeak = 0;
  size_t tried = 0;       ///< candidates measured, predicted or lost, by this search
  size_t pruned = 0;      ///< not measured for what the model of their cost says
  size_t lost = 0;        ///< of those tried crashed, hung, wrong or not compiled
  bool exhausted = false; ///< every step from the best point has been tried
};

struct SearchOptions {
  const Target *target = nullptr; ///< with the CPU that it is tuned for
  MeasuringOptions measuring;
  RecordsFile *file = nullptr;                                        ///< every result is appended at once
  TuningRecord::Obtained obtained = TuningRecord::Obtained::Measured; ///< what running a candidate is
  std::string compilerVersion, date;
  unsigned compileThreads = 1;
  size_t batchSize = 6;
  std::function<bool()> stop; ///< asked between batches
  std::function<void(const SearchState &)> progress;
};

struct Prediction {
  double cycles = 0; ///< 0 where the model does not say or the point does not compile
  std::string why;   ///< it does not
};

/// Of each point, compiled in parallel.
std::vector<Prediction> predictAll(const SearchSubject &subject, llvm::ArrayRef<std::string> points,
                                   unsigned threads);

/// The outcome of a candidate that did not become the best.
TuningRecord::Outcome outcomeOf(CandidateResult::Status status);

/// A record of `subject` with these parameters, without any result.
TuningRecord emptyRecord(const SearchSubject &subject, const SearchOptions &options,
                         const std::string &parameters, TuningRecord::Outcome outcome);
/// One whose cost was predicted as `cycles`.
TuningRecord predictedRecord(const SearchSubject &subject, const SearchOptions &options,
                             const std::string &parameters, TuningRecord::Outcome outcome, double cycles);

} // namespace fasternet
