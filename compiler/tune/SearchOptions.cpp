#include "tune/SearchOptions.h"

#include "support/Parallel.h"

#include "llvm/Support/ErrorHandling.h"

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

std::vector<Prediction> fasternet::predictAll(const SearchSubject &subject,
                                              llvm::ArrayRef<std::string> points, unsigned threads) {
  std::vector<Prediction> predictions(points.size());
  inParallel(threads, points.size(), [&](size_t i) {
    if (auto predicted = subject.predict(points[i]))
      predictions[i].cycles = *predicted;
    else
      predictions[i].why = llvm::toString(predicted.takeError());
  });
  return predictions;
}

Outcome fasternet::outcomeOf(CandidateResult::Status status) {
  switch (status) {
  case CandidateResult::Status::Ok:
    return Outcome::Slower;
  case CandidateResult::Status::Wrong:
    return Outcome::Wrong;
  case CandidateResult::Status::Crashed:
    return Outcome::Crashed;
  case CandidateResult::Status::Hung:
    return Outcome::Hung;
  case CandidateResult::Status::Failed:
    return Outcome::Failed;
  }
  llvm_unreachable("covered switch");
}

TuningRecord fasternet::emptyRecord(const SearchSubject &subject, const SearchOptions &options,
                                    const std::string &parameters, Outcome outcome) {
  return {.kernel = subject.kernel,
          .cpu = options.target->tuneFor.str(),
          .isa = isaName(options.target->isa).str(),
          .parameters = parameters,
          .outcome = outcome,
          .obtained = options.obtained,
          .compiler = options.compilerVersion,
          .date = options.date};
}

TuningRecord fasternet::predictedRecord(const SearchSubject &subject, const SearchOptions &options,
                                        const std::string &parameters, Outcome outcome, double cycles) {
  TuningRecord record = emptyRecord(subject, options, parameters, outcome);
  record.obtained = TuningRecord::Obtained::Predicted;
  record.cycles = cycles;
  if (cycles > 0)
    record.shareOfPeak =
        subject.macs / cycles /
        double(options.target->fmaFloats * options.target->cores * 32 / options.measuring.elementBits);
  return record;
}
