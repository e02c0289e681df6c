#include "tune/MeasuringProgram.h"

#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"
#include "tune/KernelCase.h"

#include "llvm/ADT/SmallVector.h"
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

constexpr llvm::StringLiteral expectedSymbol = "fnet_tune_expected";
/// Enough to leave every L2; more sets of weights only take longer to make.
constexpr int64_t mostFootprint = int64_t(64) << 20, mostCopies = 64;

int64_t weightCopies(const std::vector<KernelArgument> &arguments, int64_t footprint) {
  int64_t bytes = 4;
  for (const KernelArgument &argument : arguments)
    if (argument.role == KernelArgument::Role::Weight)
      bytes += elementBytes(argument.type) * argument.layout.packedElements();
  return std::clamp<int64_t>(std::min(footprint, mostFootprint) / bytes, 1, mostCopies);
}

std::string tableText(const Target &target, llvm::ArrayRef<CompiledKernel> candidates,
                      const MeasuringOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  const std::vector<KernelArgument> &arguments = candidates.front().arguments;
  os << "#include \"tune.h\"\nextern const float " << expectedSymbol << "[];\n";
  int64_t scratch = 128;
  for (const CompiledKernel &candidate : candidates) {
    os << "int " << candidate.symbol << "(void);\n";
    scratch = std::max(scratch, candidate.callerScratchBytes + candidate.workerScratchBytes);
  }
  os << "static const kernel_argument arguments[] = {\n";
  const char *roles[] = {"role_input", "role_weight", "role_output"};
  for (const KernelArgument &argument : arguments) {
    os << "  {" << roles[int(argument.role)] << ", " << argument.dimensions.size() << ", {";
    for (const BufferDimension &d : argument.dimensions)
      os << llvm::formatv("{{{0}, {1}, {2}, 0}, ", d.min, d.extent, d.stride);
    os << llvm::formatv("}, {0}, {1}, {2}, {3:e9}f, {4}},\n", tensorElements(argument),
                        argument.elementOffset, argument.layout.outputs, double(valueScale(argument)),
                        8 * elementBytes(argument.type));
  }
  os << "};\nstatic const kernel_function candidates[] = {\n";
  for (const CompiledKernel &candidate : candidates)
    os << "  " << candidate.symbol << ",\n";
  os << llvm::formatv(
      "};\nconst kernel_batch batch = {{{0}, {1}, arguments, candidates, {2}, {3}, {4}, {5}, {6}u, {7}, {8}, "
      "{9:f6}, {10}, {11:e3}};\n",
      arguments.size(), candidates.size(), expectedSymbol, scratch,
      weightCopies(arguments, options.weightFootprint), options.otherBytes, target.cpuFeatureBits,
      options.elementBits, options.rounds, options.windowSeconds, options.limitSeconds, options.bound);
  return text;
}

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
  return batch;
}

} // namespace

llvm::Expected<BatchResult> fasternet::measureBatch(const Target &target,
                                                    llvm::ArrayRef<CompiledKernel> candidates,
                                                    llvm::ArrayRef<float> expected,
                                                    const MeasuringOptions &options) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  MeasuringParts parts{.table = tableText(target, candidates, options),
                       .blobSymbol = expectedSymbol.str(),
                       .blobPath = folder->path("expected")};
  if (llvm::Error error =
          writeFile(parts.blobPath, llvm::StringRef(reinterpret_cast<const char *>(expected.data()),
                                                    expected.size() * sizeof(float))))
    return error;
  for (const CompiledKernel &candidate : candidates)
    parts.objects.emplace_back(candidate.symbol, candidate.object);
  const std::string program = folder->path("measure");
  if (llvm::Error error = options.link(parts, program))
    return error;
  // Checks end by themselves; the timing of checked kernels has no reason to take this long.
  const auto limit = unsigned(60 + options.limitSeconds * candidates.size() +
                              10 * options.rounds * options.windowSeconds * double(candidates.size()));
  auto result = runProgram(options.runner, program, limit);
  if (!result)
    return result.takeError();
  return readOutput(*result, candidates.size());
}

llvm::Expected<CandidateResult> fasternet::runOnce(const Target &target, const CompiledKernel &kernel,
                                                   llvm::ArrayRef<float> expected, MeasuringOptions options) {
  options.rounds = 1;
  options.windowSeconds = 1e-6;
  options.weightFootprint = options.otherBytes = 0;
  auto batch = measureBatch(target, {kernel}, expected, options);
  if (!batch)
    return batch.takeError();
  return batch->candidates.front();
}
