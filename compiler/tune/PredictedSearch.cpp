#include "tune/PredictedSearch.h"

#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

/// A step must promise this much: less is below what the model can tell.
static constexpr double worthAStep = 0.995;
/// Of the best predicted points so many are checked before the search gives up.
static constexpr size_t mostChecked = 8;

PredictedSearch::PredictedSearch(SearchSubject given, const Records &known, const SearchOptions &options)
    : subject(std::move(given)), options(options) {
  for (const TuningRecord &record : known.of(subject.kernel, *options.target)) {
    if (record.compiler != options.compilerVersion || record.obtained != TuningRecord::Obtained::Predicted)
      continue;
    if (record.outcome == Outcome::Best)
      recordedBest.insert(record.parameters);
    if (record.cycles > 0) {
      cycles[record.parameters] = record.cycles;
    } else { // lost when it was compiled, or when it was checked after it had been predicted
      cycles.try_emplace(record.parameters, 0);
      recordedLost.insert(record.parameters);
    }
  }
}

llvm::Expected<bool> PredictedSearch::predict(llvm::ArrayRef<std::string> points,
                                              Clock::time_point deadline) {
  std::vector<std::string> missing;
  for (const std::string &point : points)
    if (!cycles.contains(point))
      missing.push_back(point);
  const size_t handful = 4 * options.compileThreads;
  for (llvm::ArrayRef<std::string> left = missing; !left.empty();) {
    if (options.stop() || Clock::now() >= deadline)
      return false;
    const llvm::ArrayRef<std::string> now = left.take_front(handful);
    left = left.drop_front(now.size());
    for (auto [point, predicted] : llvm::zip(now, predictAll(subject, now, options.compileThreads))) {
      cycles[point] = predicted.cycles;
      ++current.tried;
      current.lost += predicted.cycles == 0;
      TuningRecord record = newRecord(point, predicted.cycles > 0 ? Outcome::Slower : Outcome::Failed);
      record.why = predicted.why;
      if (llvm::Error error = options.file->append(record))
        return error;
    }
  }
  return true;
}

TuningRecord PredictedSearch::newRecord(const std::string &point, Outcome outcome) const {
  return predictedRecord(subject, options, point, outcome, cycles.lookup(point));
}

llvm::Error PredictedSearch::run(Clock::time_point deadline) {
  auto start = subject.parameters("");
  if (!start)
    return start.takeError();
  current.parameters = *start;
  if (auto done = predict({current.parameters}, Clock::time_point::max()); !done)
    return done.takeError();
  if (cycles.lookup(current.parameters) == 0) {
    auto again = subject.predict(current.parameters);
    return inputError("kernel " + subject.kernel + ": the cost of its default schedule cannot be predicted" +
                      (again ? "" : ": " + llvm::toString(again.takeError())));
  }
  while (!current.exhausted && !options.stop() && Clock::now() < deadline) {
    const std::vector<std::string> steps = subject.steps(current.parameters);
    auto complete = predict(steps, deadline);
    if (!complete)
      return complete.takeError();
    const double best = cycles.lookup(current.parameters);
    current.exhausted = *complete;
    for (const std::string &step : steps)
      if (const double predicted = cycles.lookup(step);
          predicted > 0 && predicted < worthAStep * best && predicted < cycles.lookup(current.parameters)) {
        current.parameters = step;
        current.exhausted = false;
      }
    current.shareOfPeak = newRecord(current.parameters, Outcome::Best).shareOfPeak;
    options.progress(current);
  }

  std::vector<std::string> ranked;
  for (const auto &entry : cycles)
    if (entry.second > 0 && !recordedLost.contains(entry.first()))
      ranked.push_back(entry.first().str());
  llvm::sort(ranked, [&](const std::string &a, const std::string &b) {
    return std::pair(cycles.lookup(a), a) < std::pair(cycles.lookup(b), b);
  });
  // The point that the steps led to stands before those that promise hardly more.
  std::stable_partition(ranked.begin(), ranked.end(),
                        [&](const std::string &point) { return point == current.parameters; });
  ranked.resize(std::min(ranked.size(), mostChecked));
  for (const std::string &point : ranked) {
    auto result = subject.check(point, options.measuring);
    if (!result)
      return result.takeError();
    const bool right = result->status == CandidateResult::Status::Ok;
    TuningRecord record = newRecord(point, right ? Outcome::Best : outcomeOf(result->status));
    record.why = result->why;
    if (right && point != *start)
      record.beats = *start;
    if (!right || !recordedBest.contains(point))
      if (llvm::Error error = options.file->append(record))
        return error;
    current.lost += !right;
    if (right) {
      current.parameters = point;
      current.shareOfPeak = record.shareOfPeak;
      return llvm::Error::success();
    }
  }
  return inputError("kernel " + subject.kernel +
                    ": none of the best predicted schedules computes what it should");
}
