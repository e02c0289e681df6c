// The search for one kernel's schedule: steps from the best known point, measured in batches against it.
#pragma once

#include "tune/MeasuringProgram.h"
#include "tune/Records.h"
#include "tune/RecordsFile.h"
#include "tune/SearchSubject.h"

#include "llvm/ADT/StringMap.h"

#include <chrono>
#include <functional>

namespace fasternet {

/// Where a search stands.
struct SearchState {
  std::string parameters;  ///< best so far
  double milliseconds = 0; ///< of it
  double shareOfPeak = 0;
  size_t tried = 0;       ///< candidates measured or lost, by this search
  size_t pruned = 0;      ///< left out for what the model of their cost says
  size_t lost = 0;        ///< of those tried crashed, hung, wrong or not compiled
  bool exhausted = false; ///< every step from the best point has been tried
};

struct SearchOptions {
  const Target *target = nullptr; ///< with the CPU that it is tuned for
  MeasuringOptions measuring;
  RecordsFile *file = nullptr; ///< every result is appended at once
  std::string compilerVersion, date;
  unsigned compileThreads = 1;
  size_t batchSize = 6;
  std::function<bool()> stop; ///< asked between batches
  std::function<void(const SearchState &)> progress;
};

class KernelSearch {
public:
  /// Starts from the best of `known` records and the default. Candidates that `known` has are not tried
  /// again.
  KernelSearch(SearchSubject subject, const Records &known, const SearchOptions &options);

  /// Searches until the deadline (looked at between batches), options.stop, or no step is left. An error
  /// means that nothing can be measured at all.
  llvm::Error run(std::chrono::steady_clock::time_point deadline);
  const SearchState &state() const { return current; }

private:
  llvm::Error begin();
  llvm::Expected<std::vector<CandidateResult>> measure(std::vector<std::string> points, uint32_t rounds);
  llvm::Expected<bool> confirm(const std::string &challenger);
  llvm::Error tryBatch(const std::vector<std::string> &points);
  llvm::Error tryApart(const std::vector<std::string> &points, llvm::Error failure);
  llvm::Expected<std::vector<std::string>> nextPoints();
  void predict(llvm::ArrayRef<std::string> points);
  void inParallel(size_t count, llvm::function_ref<void(size_t)> work) const;
  llvm::Error recordPruned(const std::string &parameters, double timesBest);
  llvm::Error record(const std::string &parameters, const CandidateResult &result);
  TuningRecord newRecord(const std::string &parameters, TuningRecord::Outcome outcome,
                         const CandidateResult &result) const;
  llvm::Error makeBest(const std::string &parameters, const CandidateResult &result,
                       const std::string &beaten);
  void setBest(const std::string &parameters, const CandidateResult &result);
  bool known(llvm::StringRef parameters) const;

  SearchSubject subject;
  SearchOptions options;
  std::vector<float> expected;
  std::vector<std::string> seen;
  llvm::StringMap<double> predicted; ///< cycles; 0 where the model does not say
  SearchState current;
  double peakGflops = 0;
  size_t symbols = 0, failuresInARow = 0;
};

} // namespace fasternet
