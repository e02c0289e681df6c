#include "Session.h"

#include "AutoscheduledBlock.h"
#include "ConvolutionSubject.h"
#include "driver/MeasuringLink.h"
#include "driver/RecordSources.h"
#include "support/Diagnostics.h"

#include <algorithm>
#include <ctime>
#include <thread>

using namespace fasternet;
using namespace fasternet::benchmark;
using nlohmann::ordered_json;

namespace {

constexpr uint32_t tuningRounds = 12;

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

void addTimes(ordered_json &json, const std::vector<double> &seconds, double macs, double peakGflops) {
  const double middle = median(seconds), gflops = 2e-9 * macs / middle;
  json["ms"] = 1e3 * middle;
  json["best_ms"] = 1e3 * *std::min_element(seconds.begin(), seconds.end());
  json["gflops"] = gflops;
  json["peak_gflops"] = peakGflops;
  json["share_of_peak"] = gflops / peakGflops;
}

} // namespace

/// All kernels are called in a loop: what fits the caches stays there, as it does for the controls.
MeasuringOptions Session::measuring(uint32_t rounds) const {
  MeasuringOptions measuring{.runner = options.runner, .rounds = rounds};
  measuring.link = [this](const MeasuringParts &parts, const std::string &program) {
    return linkMeasuringProgram(options.cc, options.target->triple, parts, program);
  };
  return measuring;
}

llvm::Expected<Session::Entry *> Session::find(const std::string &text) {
  if (auto known = entries.find(text); known != entries.end())
    return &known->second;
  Entry entry;
  if (llvm::StringRef(text).starts_with("block-")) {
    auto spec = KernelSpec::parse(text);
    if (!spec)
      return spec.takeError();
    entry.subject = kernelSubject(*spec, *options.target);
    entry.bytes = spec->bytes();
  } else {
    auto shape = ConvolutionCase::parse(text);
    if (!shape)
      return shape.takeError();
    entry.subject = convolutionSubject(*shape, *options.target);
    entry.bytes = shape->bytes();
  }
  // The answer is computed once, for the search too.
  entry.expected = entry.subject.expected();
  Entry &kept = entries[text] = std::move(entry);
  kept.subject.expected = [&kept] { return kept.expected; };
  return &kept;
}

/// The file's records and those that came with the compiler; the first call makes the file.
llvm::Expected<Records> Session::records() const {
  auto file = RecordsFile::open(options.records);
  if (!file)
    return file.takeError();
  return loadRecords({.files = {options.records}});
}

llvm::Expected<std::string> Session::best(const Entry &entry) const {
  auto records = this->records();
  if (!records)
    return records.takeError();
  Diagnostics ignored; // reported when they were loaded
  const auto choice = records->choose(entry.subject.kernel, *options.target, entry.subject.parameters, ignored);
  return entry.subject.parameters(choice.parameters);
}

llvm::Expected<CompiledKernel> Session::compile(Entry &entry, const std::string &parameters) {
  auto known = entry.compiled.find(parameters);
  if (known == entry.compiled.end()) {
    auto kernel = entry.subject.compile("measured_" + std::to_string(symbols++), parameters);
    if (!kernel)
      return kernel.takeError();
    known = entry.compiled.emplace(parameters, std::move(*kernel)).first;
  }
  return known->second;
}

llvm::Expected<ordered_json> Session::tune(const std::string &text, unsigned seconds) {
  auto entry = find(text);
  if (!entry)
    return entry.takeError();
  auto file = RecordsFile::open(options.records);
  if (!file)
    return file.takeError();
  auto records = this->records();
  if (!records)
    return records.takeError();
  SearchOptions search{.target = options.target, .measuring = measuring(tuningRounds), .file = file->get()};
  search.compilerVersion = FASTERNETC_VERSION;
  search.date = today();
  search.compileThreads = std::max(1u, std::thread::hardware_concurrency());
  search.stop = [] { return false; };
  search.progress = [](const SearchState &) {};
  KernelSearch kernel((*entry)->subject, *records, search);
  if (llvm::Error error = kernel.run(std::chrono::steady_clock::now() + std::chrono::seconds(seconds)))
    return error;
  const SearchState &state = kernel.state();
  return ordered_json{{"kernel", text},       {"parameters", state.parameters}, {"ms", state.milliseconds},
                      {"tried", state.tried}, {"lost", state.lost},             {"exhausted", state.exhausted}};
}

llvm::Expected<ordered_json> Session::measure(const std::string &text) {
  auto entry = find(text);
  if (!entry)
    return entry.takeError();
  auto parameters = best(**entry);
  if (!parameters)
    return parameters.takeError();
  auto kernel = compile(**entry, *parameters);
  if (!kernel)
    return kernel.takeError();
  auto batch = measureBatch(*options.target, *kernel, (*entry)->expected, measuring(options.rounds));
  if (!batch)
    return batch.takeError();
  const CandidateResult &result = batch->candidates.front();
  if (result.status != CandidateResult::Status::Ok)
    return inputError(text + ", " + *parameters + ": " + result.why);
  ordered_json json{{"kernel", text}, {"parameters", *parameters}, {"macs", (*entry)->subject.macs},
                    {"bytes", (*entry)->bytes}, {"max_relative_error", result.error}};
  addTimes(json, result.seconds, (*entry)->subject.macs, batch->peakGflops);
  return json;
}

llvm::Expected<ordered_json> Session::compare(const std::string &text) {
  auto spec = KernelSpec::parse(text);
  if (!spec)
    return spec.takeError();
  auto entry = find(text);
  if (!entry)
    return entry.takeError();
  auto fallback = (*entry)->subject.parameters("");
  auto parameters = best(**entry);
  if (!fallback || !parameters)
    return llvm::joinErrors(fallback ? llvm::Error::success() : fallback.takeError(),
                            parameters ? llvm::Error::success() : parameters.takeError());

  ordered_json rows = ordered_json::array();
  std::vector<CompiledKernel> kernels;
  std::vector<size_t> places;
  auto add = [&](const char *name, llvm::Expected<CompiledKernel> kernel) {
    rows.push_back({{"schedule", name}});
    if (!kernel) {
      rows.back()["why"] = llvm::toString(kernel.takeError());
      return;
    }
    rows.back()["parameters"] = kernel->schedule;
    places.push_back(rows.size() - 1);
    kernels.push_back(std::move(*kernel));
  };
  add("default", (*entry)->subject.compile("with_default", *fallback));
  add("tuned", (*entry)->subject.compile("with_best", *parameters));
  add("Adams2019", compileAutoscheduledBlock(*spec, *options.target, "with_adams2019"));
  ordered_json json{{"kernel", text}, {"macs", (*entry)->subject.macs}};
  auto batch = measureBatch(*options.target, kernels, (*entry)->expected, measuring(options.rounds));
  if (!batch)
    return batch.takeError();
  for (size_t i = 0; i < kernels.size(); ++i) {
    const CandidateResult &result = batch->candidates[i];
    ordered_json &row = rows[places[i]];
    if (result.status != CandidateResult::Status::Ok) {
      row["why"] = result.why;
      continue;
    }
    row["max_relative_error"] = result.error;
    addTimes(row, result.seconds, (*entry)->subject.macs, batch->peakGflops);
  }
  json["rows"] = rows;
  return json;
}
