#include "Session.h"

#include "ConvolutionSubject.h"
#include "MeasuredTimes.h"
#include "driver/MeasuringLink.h"
#include "driver/RecordSources.h"
#include "support/Diagnostics.h"

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
  const auto choice =
      records->choose(entry.subject.kernel, *options.target, entry.subject.parameters, ignored);
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
  return ordered_json{{"kernel", text},           {"parameters", state.parameters},
                      {"ms", state.milliseconds}, {"tried", state.tried},
                      {"lost", state.lost},       {"exhausted", state.exhausted}};
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
  ordered_json json{{"kernel", text},
                    {"parameters", *parameters},
                    {"macs", (*entry)->subject.macs},
                    {"bytes", (*entry)->bytes},
                    {"max_relative_error", result.error}};
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
  auto known = comparisons.find(text);
  if (known == comparisons.end()) {
    auto parameters = best(**entry);
    if (!parameters)
      return parameters.takeError();
    BlockComparison comparison(*spec, *options.target, (*entry)->subject, *parameters);
    known = comparisons.emplace(text, std::move(comparison)).first;
  }
  return known->second.measure((*entry)->expected, measuring(options.rounds));
}
