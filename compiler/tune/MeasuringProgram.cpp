#include "tune/MeasuringProgram.h"

#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"
#include "tune/MeasuringTable.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace fasternet;

double fasternet::median(std::vector<double> values) {
  if (values.empty())
    return 0;
  auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

namespace {

/// `check <candidate> <verdict> [value]`.
void readCheck(llvm::ArrayRef<llvm::StringRef> words, CandidateResult &result) {
  using Status = CandidateResult::Status;
  const llvm::StringRef verdict = words[2], value = words.size() > 3 ? words[3] : "";
  (void)value.getAsDouble(result.error);
  if (verdict == "ok")
    result.status = Status::Ok;
  else if (verdict == "wrong")
    result.status = Status::Wrong, result.why = ("wrong result, error " + value).str();
  else if (verdict == "written-outside")
    result.status = Status::Wrong, result.why = "wrote outside its output";
  else if (verdict == "signal")
    result.status = Status::Crashed, result.why = ("crashed, signal " + value).str();
  else if (verdict == "faulted") // the rest of the line is the driver's
    result.status = Status::Crashed, result.why = llvm::join(words.drop_front(3), " ");
  else if (verdict == "refused")
    result.status = Status::Failed, result.why = llvm::join(words.drop_front(3), " ");
  else if (verdict == "hung")
    result.status = Status::Hung, result.why = "did not finish";
  else
    result.status = Status::Failed, result.why = ("returned status " + value).str();
}

llvm::Expected<BatchResult> readOutput(const ProcessResult &process, size_t count) {
  BatchResult batch;
  batch.candidates.resize(count);
  bool done = false;
  llvm::SmallVector<llvm::StringRef> lines, words;
  llvm::StringRef(process.out).split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    words.clear();
    line.split(words, ' ');
    size_t index = 0;
    double value = 0;
    done |= line == "done";
    if (words.size() < 3 || words[1].getAsInteger(10, index))
      continue;
    if (words[0] == "peak" && !words[2].getAsDouble(value))
      batch.peakGflops = std::max(batch.peakGflops, value);
    else if (words[0] == "check" && index < count)
      readCheck(words, batch.candidates[index]);
    else if (words[0] == "time" && index < count && words.size() == 4 && !words[3].getAsDouble(value))
      batch.candidates[index].seconds.push_back(1e-9 * value);
  }
  if (process.status != 0 || !done)
    return inputError("the measuring program ended with status " + llvm::Twine(process.status) + ": " +
                      llvm::StringRef(process.out).rtrim().rsplit('\n').second + process.err);
  for (CandidateResult &candidate : batch.candidates)
    if (candidate.status == CandidateResult::Status::Ok && candidate.seconds.empty())
      candidate.status = CandidateResult::Status::Failed, candidate.why = "was checked and not timed";
  return batch;
}

llvm::Error writeBlob(MeasuringParts &parts, const TemporaryFolder &folder, const std::string &symbol,
                      llvm::StringRef bytes) {
  parts.blobs.emplace_back(symbol, folder.path(symbol));
  return writeFile(parts.blobs.back().second, bytes);
}

/// Links and runs what is complete but for the expected values.
llvm::Expected<BatchResult> runBatch(MeasuringParts parts, const TemporaryFolder &folder, size_t count,
                                     llvm::ArrayRef<float> expected, const MeasuringOptions &options) {
  if (llvm::Error error = writeBlob(
          parts, folder, expectedSymbol.str(),
          llvm::StringRef(reinterpret_cast<const char *>(expected.data()), expected.size() * sizeof(float))))
    return error;
  const std::string program = folder.path("measure");
  if (llvm::Error error = options.link(parts, program))
    return error;
  // Checks end by themselves; the timing of checked kernels has no reason to take this long.
  const auto limit = unsigned(60 + options.limitSeconds * count +
                              10 * options.rounds * options.windowSeconds * double(count));
  auto result = runProgram(options.runner, program, limit);
  if (!result)
    return result.takeError();
  return readOutput(*result, count);
}

} // namespace

llvm::Expected<BatchResult> fasternet::measureBatch(const Target &target,
                                                    llvm::ArrayRef<CompiledKernel> candidates,
                                                    llvm::ArrayRef<float> expected,
                                                    const MeasuringOptions &options) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  MeasuringParts parts{.table = tableText(target, candidates, options)};
  for (const CompiledKernel &candidate : candidates)
    parts.objects.emplace_back(candidate.symbol, candidate.object);
  return runBatch(std::move(parts), *folder, candidates.size(), expected, options);
}

llvm::Expected<BatchResult> fasternet::measureBatch(const Target &target,
                                                    llvm::ArrayRef<DeviceKernel> candidates,
                                                    llvm::ArrayRef<float> expected,
                                                    const MeasuringOptions &options) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  MeasuringParts parts{.onDevice = true, .table = tableText(target, candidates, options)};
  for (const DeviceKernel &candidate : candidates)
    if (llvm::Error error = writeBlob(parts, *folder, imageSymbol(candidate),
                                      candidate.cubin.empty() ? candidate.ptx + '\0' : candidate.cubin))
      return error;
  return runBatch(std::move(parts), *folder, candidates.size(), expected, options);
}

llvm::Expected<CandidateResult> fasternet::runOnce(const Target &target, const CompiledKernel &kernel,
                                                   llvm::ArrayRef<float> expected, MeasuringOptions options) {
  options.rounds = 1;
  options.windowSeconds = 1e-6;
  options.weightFootprint = options.otherBytes = 0;
  auto batch = measureBatch(target, llvm::ArrayRef(kernel), expected, options);
  if (!batch)
    return batch.takeError();
  return batch->candidates.front();
}
