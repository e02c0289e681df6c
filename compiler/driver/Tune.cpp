#include "driver/Tune.h"
#include "driver/CrossTools.h"
#include "driver/DeviceTuning.h"
#include "driver/MeasuringLink.h"
#include "driver/Pipeline.h"
#include "driver/Precision.h"
#include "driver/TuneJobs.h"
#include "driver/TuneProgress.h"
#include "support/Diagnostics.h"
#include "support/Parallel.h"
#include "tune/DeviceSubject.h"
#include "tune/KernelSearch.h"
#include "tune/PredictedSearch.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <mutex>
#include <thread>

using namespace fasternet;
using Clock = std::chrono::steady_clock;

namespace {

volatile std::sig_atomic_t interrupted = 0;

/// The first signal asks for an end between two batches; the second one ends the program as usual.
void onSignal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

/// QEMU by the names of its programs: times there say little about a CPU.
bool isEmulator(llvm::StringRef runner) {
  const llvm::StringRef program = runner.ltrim().take_until([](char c) { return c == ' '; });
  return llvm::sys::path::filename(program).starts_with("qemu-");
}

bool isGpu(const Target &target) {
  return target.family == TargetFamily::Cuda;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// Runners take kernels from one list; each kernel stays with its runner, so that times are comparable.
class Tuning {
public:
  Tuning(std::vector<TuneJob> jobs, const Records &records, const TuneOptions &options, SearchOptions search,
         bool isMeasured)
      : jobs(std::move(jobs)), records(records), options(options), search(std::move(search)),
        isMeasured(isMeasured), deadline(Clock::now() + options.budget),
        progress(this->jobs.size(), deadline) {}

  llvm::Error run() {
    std::vector<std::string> runners = options.runners;
    if (runners.empty())
      runners.push_back("");
    for (const TuneJob &job : jobs)
      weightLeft += job.weight;
    std::vector<std::thread> threads;
    for (const std::string &runner : runners)
      threads.emplace_back([this, runner, count = runners.size()] { work(runner, count); });
    for (std::thread &thread : threads)
      thread.join();
    progress.finish();
    return std::move(failures);
  }

private:
  void work(const std::string &runner, size_t runnerCount) {
    SearchOptions mine = search;
    mine.measuring.runner = runner;
    if (isEmulator(runner))
      mine.obtained = TuningRecord::Obtained::Emulated;
    for (;;) {
      const TuneJob *job;
      Clock::time_point until;
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (next == jobs.size() || interrupted || failed)
          return;
        job = &jobs[next++];
        const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
        const double share = std::min(1.0, job->weight / weightLeft * double(runnerCount));
        until = Clock::now() + std::chrono::duration_cast<Clock::duration>(left * share);
        weightLeft -= job->weight;
      }
      const std::string text = job->use.spec.text();
      mine.progress = [&](const SearchState &state) { progress.update(text, state); };
      // On a GPU weights take turns in any case: its L2 keeps what the calls around one leave.
      mine.measuring.otherBytes =
          isGpu(*mine.target) ? 0 : otherBytes(search.measuring.weightFootprint, job->use);
      // Either the others push the weights away, or those of the same stage do.
      mine.measuring.weightFootprint = mine.measuring.otherBytes > 0 ? 0 : search.measuring.weightFootprint;
      SearchState state;
      if (llvm::Error error = searchKernel(job->use.spec, mine, until, state)) {
        std::lock_guard<std::mutex> lock(mutex);
        failed = true;
        failures = llvm::joinErrors(std::move(failures), std::move(error));
        return;
      }
      progress.done(text, state);
    }
  }

  llvm::Error searchKernel(const KernelSpec &spec, const SearchOptions &mine, Clock::time_point until,
                           SearchState &state) {
    auto run = [&](auto kernel) {
      llvm::Error error = kernel.run(until);
      state = kernel.state();
      return error;
    };
    SearchSubject subject =
        isGpu(*mine.target) ? deviceSubject(spec, *mine.target) : kernelSubject(spec, *mine.target);
    return isMeasured ? run(KernelSearch(std::move(subject), records, mine))
                      : run(PredictedSearch(std::move(subject), records, mine));
  }

  std::vector<TuneJob> jobs;
  const Records &records;
  const TuneOptions &options;
  SearchOptions search;
  bool isMeasured;
  Clock::time_point deadline;
  TuneProgress progress;
  std::mutex mutex;
  size_t next = 0;
  double weightLeft = 0;
  bool failed = false;
  llvm::Error failures = llvm::Error::success();
};

} // namespace

llvm::Expected<std::chrono::seconds> fasternet::parseDuration(llvm::StringRef text) {
  int64_t number = 0, unit = 1;
  llvm::StringRef digits = text;
  if (digits.consume_back("h"))
    unit = 3600;
  else if (digits.consume_back("m"))
    unit = 60;
  else
    digits.consume_back("s");
  constexpr int64_t week = 7 * 24 * 3600;
  if (digits.getAsInteger(10, number) || number < 1 || number > week / unit)
    return inputError("--budget: found '" + text +
                      "', expected a time such as 90s, 10m or 2h, at most a week");
  return std::chrono::seconds(number * unit);
}

llvm::Error fasternet::tune(const TuneOptions &options) {
  if (options.targets.size() != 1)
    return inputError("--target: tune measures one target at a time, found " +
                      llvm::Twine(options.targets.size()));
  const Target &target = *options.targets.front();
  bool isMeasured = !options.predict;
  if (isGpu(target)) {
    auto onGpu = isMeasuredOnDevice(options);
    if (!onGpu)
      return onGpu.takeError();
    isMeasured = *onGpu;
  } else if (llvm::Error error = checkPrograms("measure", target, options.cc, options.runners)) {
    return error;
  }
  // Shapes decide, not values.
  auto input = loadModel(options.model, "seeded:7", options.name);
  if (!input)
    return input.takeError();
  Pipeline pipeline(std::move(*input));
  if (llvm::Error error = pipeline.fuse(options.precision))
    return error;

  const std::string path = options.output.empty() ? (target.tuneFor + ".tuned.json").str() : options.output;
  auto file = RecordsFile::open(path);
  if (!file)
    return file.takeError();
  auto records = loadRecords({.files = {path}, .shipped = options.shipped});
  if (!records)
    return records.takeError();

  SearchOptions search{.target = &target};
  search.measuring.weightFootprint = weightBytes(pipeline);
  search.measuring.elementBits = uint32_t(8 * elementBytes(options.precision));
  search.measuring.bound = errorBound(options.precision);
  search.measuring.link = [&](const MeasuringParts &parts, const std::string &program) {
    return linkMeasuringProgram(options.cc, (options.host ? *options.host : target).triple, parts, program);
  };
  search.file = file->get();
  search.compilerVersion = FASTERNETC_VERSION;
  search.date = today();
  search.compileThreads = hardwareThreads();
  search.stop = [] { return interrupted != 0; };

  interrupted = 0;
  auto oldInterrupt = std::signal(SIGINT, onSignal), oldTerminate = std::signal(SIGTERM, onSignal);
  Tuning tuning(tuneJobs(pipeline), *records, options, std::move(search), isMeasured);
  llvm::Error error = tuning.run();
  std::signal(SIGINT, oldInterrupt), std::signal(SIGTERM, oldTerminate);
  if (error)
    return error;
  llvm::outs() << (interrupted ? "stopped; what was found is kept. " : "") << "records for " << target.tuneFor
               << " in " << path << '\n';
  return llvm::Error::success();
}
