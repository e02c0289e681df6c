#include "tune/KernelSearch.h"

#include "support/Diagnostics.h"
#include "support/Parallel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <limits>
#include <optional>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;
using Status = CandidateResult::Status;

namespace {

/// A challenger must look this much faster in a batch, and then still this much with more rounds: less is
/// noise that would make the search wander.
constexpr double firstWin = 0.99, secondWin = 0.995;
constexpr uint32_t confirmingFactor = 3;
constexpr size_t mostFailuresInARow = 4;
/// Of so many batches' worth of steps the best-predicted ones are measured first, and those not at all whose
/// prediction is this much worse than that of the best point.
constexpr size_t batchesAhead = 4;
constexpr double hopeless = 1.5;

} // namespace

KernelSearch::KernelSearch(SearchSubject given, const Records &records, const SearchOptions &options)
    : subject(std::move(given)), options(options) {
  Diagnostics ignored; // compile says which records do not fit
  const Records::Choice choice = records.choose(subject.kernel, *options.target, subject.parameters, ignored);
  current.parameters = choice.parameters;
  startIsMeasured = choice.obtained == options.obtained;
  for (const TuningRecord &record : records.of(subject.kernel, *options.target)) {
    if (record.compiler != options.compilerVersion)
      continue;
    // What was only predicted, or run elsewhere, has not been tried here.
    if (record.obtained == options.obtained)
      seen.push_back(record.parameters);
    else if (record.cycles > 0)
      predicted[record.parameters] = record.cycles, recordedPredictions.insert(record.parameters);
  }
}

bool KernelSearch::known(llvm::StringRef parameters) const {
  return llvm::is_contained(seen, parameters);
}

llvm::Error KernelSearch::record(const std::string &parameters, const CandidateResult &result) {
  ++current.tried;
  current.lost += result.status != Status::Ok;
  if (!known(parameters))
    seen.push_back(parameters);
  TuningRecord line = newRecord(parameters, outcomeOf(result.status), result);
  line.why = result.why;
  return options.file->append(line);
}

TuningRecord KernelSearch::newRecord(const std::string &parameters, Outcome outcome,
                                     const CandidateResult &result) const {
  TuningRecord record = emptyRecord(subject, options, parameters, outcome);
  if (result.status == Status::Ok) {
    record.milliseconds = 1e3 * median(result.seconds);
    record.peakGflops = peakGflops;
    record.shareOfPeak = 2e-6 * subject.macs / record.milliseconds / peakGflops;
  }
  return record;
}

/// `parameters` are the best from here on, and beat `beaten` side by side, if that is not empty.
llvm::Error KernelSearch::makeBest(const std::string &parameters, const CandidateResult &result,
                                   const std::string &beaten) {
  setBest(parameters, result);
  TuningRecord line = newRecord(parameters, Outcome::Best, result);
  line.beats = beaten;
  return options.file->append(line);
}

void KernelSearch::setBest(const std::string &parameters, const CandidateResult &result) {
  current.parameters = parameters;
  current.milliseconds = 1e3 * median(result.seconds);
  current.shareOfPeak = 2e-6 * subject.macs / current.milliseconds / peakGflops;
}

/// Compiles and measures. Candidates that do not compile come back as Failed.
llvm::Expected<std::vector<CandidateResult>> KernelSearch::measure(const std::vector<std::string> &points,
                                                                   uint32_t rounds) {
  return subject.compileDevice ? measureAs<DeviceKernel>(subject.compileDevice, points, rounds)
                               : measureAs<CompiledKernel>(subject.compile, points, rounds);
}

template <typename Kernel>
llvm::Expected<std::vector<CandidateResult>>
KernelSearch::measureAs(llvm::function_ref<llvm::Expected<Kernel>(llvm::StringRef, llvm::StringRef)> compile,
                        const std::vector<std::string> &points, uint32_t rounds) {
  std::vector<std::optional<llvm::Expected<Kernel>>> compiled(points.size());
  const size_t firstSymbol = symbols;
  symbols += points.size();
  inParallel(options.compileThreads, points.size(), [&](size_t i) {
    compiled[i].emplace(compile("candidate_" + std::to_string(firstSymbol + i), points[i]));
  });

  std::vector<CandidateResult> results(points.size());
  std::vector<Kernel> kernels;
  std::vector<size_t> places;
  for (size_t i = 0; i < points.size(); ++i) {
    if (*compiled[i]) {
      kernels.push_back(std::move(**compiled[i]));
      places.push_back(i);
    } else {
      results[i].why = llvm::toString(compiled[i]->takeError());
    }
  }
  if (kernels.empty())
    return results;
  MeasuringOptions measuring = options.measuring;
  measuring.rounds = rounds;
  auto batch = measureBatch(*options.target, llvm::ArrayRef<Kernel>(kernels), expected, measuring);
  if (!batch)
    return batch.takeError();
  peakGflops = std::max(peakGflops, batch->peakGflops);
  for (size_t i = 0; i < places.size(); ++i)
    results[places[i]] = std::move(batch->candidates[i]);
  return results;
}

/// Middle of the round-by-round ratios: what slows the machine for a while strikes both sides of a ratio.
double KernelSearch::ratio(const Measured &challenger, const Measured &incumbent) const {
  auto exchange = [&](const Measured &point) {
    return subject.exchangeSeconds ? subject.exchangeSeconds(point.parameters) : 0;
  };
  const double challengerWaits = exchange(challenger), incumbentWaits = exchange(incumbent);
  const std::vector<double> &a = challenger.result.seconds, &b = incumbent.result.seconds;
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    ratios.push_back((a[i] + challengerWaits) / (b[i] + incumbentWaits));
  return median(ratios);
}

/// Measures default and best record, and takes the faster as the point to start from.
llvm::Error KernelSearch::begin() {
  auto parameters = subject.parameters("");
  if (!parameters)
    return parameters.takeError();
  expected = subject.expected();
  const bool hadRecord = !current.parameters.empty();
  std::vector<std::string> points = {*parameters};
  if (hadRecord && current.parameters != *parameters)
    points.push_back(current.parameters);
  auto results = measure(points, confirmingFactor * options.measuring.rounds);
  if (!results)
    return results.takeError();
  size_t best = points.size();
  for (size_t i = 0; i < points.size(); ++i)
    if ((*results)[i].status == Status::Ok &&
        (best == points.size() || ratio({points[i], (*results)[i]}, {points[best], (*results)[best]}) < 1))
      best = i;
  for (size_t i = 0; i < points.size(); ++i)
    if (!known(points[i]))
      if (llvm::Error error = record(points[i], (*results)[i]))
        return error;
  if (best == points.size())
    return inputError("kernel " + subject.kernel + ": the default schedule cannot be measured, " +
                      (*results)[0].why);
  if (hadRecord && startIsMeasured && points[best] == current.parameters) {
    setBest(points[best], (*results)[best]);
    return llvm::Error::success();
  }
  return makeBest(points[best], (*results)[best], points.size() == 2 ? points[1 - best] : "");
}

/// Whether `challenger` is faster than the best point a second time; then it takes its place.
llvm::Expected<bool> KernelSearch::confirm(const std::string &challenger) {
  auto results = measure({current.parameters, challenger}, confirmingFactor * options.measuring.rounds);
  if (!results) { // it has been recorded as slower: an unfinished second measurement changes nothing
    llvm::consumeError(results.takeError());
    return false;
  }
  if ((*results)[0].status != Status::Ok || (*results)[1].status != Status::Ok ||
      ratio({challenger, (*results)[1]}, {current.parameters, (*results)[0]}) > secondWin)
    return false;
  if (llvm::Error error = makeBest(challenger, (*results)[1], std::string(current.parameters)))
    return error;
  return true;
}

llvm::Error KernelSearch::tryBatch(const std::vector<std::string> &points) {
  std::vector<std::string> all = {current.parameters};
  all.insert(all.end(), points.begin(), points.end());
  auto results = measure(all, options.measuring.rounds);
  if (!results)
    return tryApart(points, results.takeError());
  failuresInARow = 0;
  std::vector<std::pair<double, size_t>> winners;
  for (size_t i = 1; i < all.size(); ++i) {
    if (llvm::Error error = record(all[i], (*results)[i]))
      return error;
    if ((*results)[i].status == Status::Ok && (*results)[0].status == Status::Ok)
      if (double r = ratio({all[i], (*results)[i]}, {all[0], (*results)[0]}); r < firstWin)
        winners.push_back({r, i});
  }
  // The fastest first; the next ones only if it does not hold what it promised.
  llvm::sort(winners);
  for (auto [r, i] : winners) {
    auto won = confirm(all[i]);
    if (!won)
      return won.takeError();
    if (*won)
      break;
  }
  return llvm::Error::success();
}

/// After a batch that did not finish: each candidate alone, so that the one at fault is found. Several
/// failures in a row are no candidate's fault.
llvm::Error KernelSearch::tryApart(const std::vector<std::string> &points, llvm::Error failure) {
  if (options.stop()) { // an interrupt ends the measuring program too
    llvm::consumeError(std::move(failure));
    return llvm::Error::success();
  }
  if (points.size() == 1) {
    CandidateResult lost;
    lost.why = llvm::toString(std::move(failure));
    if (++failuresInARow == mostFailuresInARow)
      return inputError(lost.why);
    return record(points[0], lost);
  }
  llvm::consumeError(std::move(failure));
  for (const std::string &point : points)
    if (llvm::Error error = tryBatch({point}))
      return error;
  return llvm::Error::success();
}

/// Fills `predicted` for those points that it does not hold yet.
void KernelSearch::predict(llvm::ArrayRef<std::string> points) {
  std::vector<std::string> missing;
  for (const std::string &point : points)
    if (!predicted.contains(point))
      missing.push_back(point);
  // Why a point does not compile is found out when it is tried.
  for (auto [point, found] : llvm::zip(missing, predictAll(subject, missing, options.compileThreads)))
    predicted[point] = found.cycles;
}

/// The next batch from the best point; empty when every step from it has been tried or pruned.
llvm::Expected<std::vector<std::string>> KernelSearch::nextPoints() {
  std::vector<std::string> points;
  for (std::string &step : subject.steps(current.parameters)) {
    if (!known(step))
      points.push_back(std::move(step));
    if (points.size() == (subject.predict ? batchesAhead : 1) * options.batchSize)
      break;
  }
  if (!subject.predict || points.empty())
    return points;
  predict(points);
  predict({current.parameters});
  // Stable: where the model sees no difference, the strategy's order stays. Last what has no prediction,
  // since it likely does not compile.
  auto cost = [&](const std::string &point) {
    const double cycles = predicted.lookup(point);
    return cycles > 0 ? cycles : std::numeric_limits<double>::infinity();
  };
  llvm::stable_sort(points, [&](const std::string &a, const std::string &b) { return cost(a) < cost(b); });
  const double best = predicted.lookup(current.parameters);
  for (size_t i = points.size(); best > 0 && i-- > 0;) {
    const double cycles = predicted.lookup(points[i]);
    if (cycles <= hopeless * best)
      continue;
    if (llvm::Error error = recordPruned(points[i], cycles / best))
      return error;
    points.erase(points.begin() + ptrdiff_t(i));
  }
  if (points.empty())
    return nextPoints();
  points.resize(std::min(points.size(), options.batchSize));
  return points;
}

llvm::Error KernelSearch::recordPruned(const std::string &parameters, double timesBest) {
  ++current.pruned;
  seen.push_back(parameters);
  if (!recordedPredictions.insert(parameters).second)
    return llvm::Error::success(); // by an earlier run
  TuningRecord line =
      predictedRecord(subject, options, parameters, Outcome::Slower, predicted.lookup(parameters));
  line.why = llvm::formatv("not measured: {0:f2} times the best point's cycles predicted", timesBest);
  return options.file->append(line);
}

llvm::Error KernelSearch::run(std::chrono::steady_clock::time_point deadline) {
  if (llvm::Error error = begin())
    return error;
  options.progress(current);
  while (!options.stop() && std::chrono::steady_clock::now() < deadline) {
    auto points = nextPoints();
    if (!points)
      return points.takeError();
    if (points->empty()) {
      current.exhausted = true;
      break;
    }
    if (llvm::Error error = tryBatch(*points))
      return error;
    options.progress(current);
  }
  return llvm::Error::success();
}
