// The search for one kernel's schedule: steps from the best known point, measured in batches against it.
#pragma once

#include "tune/Records.h"
#include "tune/SearchOptions.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <chrono>

namespace fasternet {

class KernelSearch {
public:
  /// Starts from the best of `known` records and the default. Candidates that `known` has as tried in the
  /// same way (options.obtained) are not tried again.
  KernelSearch(SearchSubject subject, const Records &known, const SearchOptions &options);

  /// Searches until the deadline (looked at between batches), options.stop, or no step is left. An error
  /// means that nothing can be measured at all.
  llvm::Error run(std::chrono::steady_clock::time_point deadline);
  const SearchState &state() const { return current; }

private:
  struct Measured {
    llvm::StringRef parameters;
    const CandidateResult &result;
  };

  llvm::Error begin();
  llvm::Expected<std::vector<CandidateResult>> measure(const std::vector<std::string> &points,
                                                       uint32_t rounds);
  template <typename Kernel>
  llvm::Expected<std::vector<CandidateResult>>
  measureAs(llvm::function_ref<llvm::Expected<Kernel>(llvm::StringRef, llvm::StringRef)> compile,
            const std::vector<std::string> &points, uint32_t rounds);
  double ratio(const Measured &challenger, const Measured &incumbent) const;
  llvm::Expected<bool> confirm(const std::string &challenger);
  llvm::Error tryBatch(const std::vector<std::string> &points);
  llvm::Error tryApart(const std::vector<std::string> &points, llvm::Error failure);
  llvm::Expected<std::vector<std::string>> nextPoints();
  void predict(llvm::ArrayRef<std::string> points);
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
  bool startIsMeasured = false;      ///< the record to start from was obtained as this search obtains its own
  llvm::StringMap<double> predicted; ///< cycles; 0 where the model does not say
  llvm::StringSet<> recordedPredictions;
  SearchState current;
  double peakGflops = 0;
  size_t symbols = 0, failuresInARow = 0;
};

} // namespace fasternet
