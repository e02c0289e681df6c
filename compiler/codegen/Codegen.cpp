#include "codegen/Codegen.h"
#include "codegen/ChildProcess.h"
#include "codegen/Loops.h"
#include "codegen/Scratch.h"
#include "kernels/KernelArguments.h"
#include "schedules/Schedules.h"
#include "support/Diagnostics.h"
#include "support/Process.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <Halide.h>

#include <exception>
#include <limits>

using namespace fasternet;

namespace {

/// Halide's target, spelled out. AVX-512 is F, BW, CD, DQ, VL and nothing else: Halide's avx512_zen4 would
/// turn on instructions that only AMD has.
Halide::Target halideTarget(const Target &target) {
  using H = Halide::Target;
  std::vector<H::Feature> features = {H::NoRuntime, H::NoAsserts, H::NoBoundsQuery, H::UserContext, H::SSE41};
  if (target.isa >= Isa::AVX2)
    features.insert(features.end(), {H::AVX, H::AVX2, H::FMA, H::F16C});
  if (target.isa >= Isa::AVX512)
    features.insert(features.end(), {H::AVX512, H::AVX512_Skylake});
  return Halide::Target(H::Linux, H::X86, 64, features);
}

Halide::Module buildModule(const KernelSpec &spec, const Target &target, const std::string &symbol,
                           llvm::StringRef parameters) {
  ScheduledPipeline pipeline = buildPipeline(spec, target, parameters);
  return Halide::Pipeline(pipeline.output)
      .compile_to_module(pipeline.arguments, symbol, halideTarget(target), Halide::LinkageType::External);
}

/// In the child: "ok caller worker tasks\n" and the object, or "error\n" and why.
std::string compileHere(const KernelSpec &spec, const Target &target, const std::string &symbol,
                        llvm::StringRef parameters) {
  try {
    Halide::Module module = buildModule(spec, target, symbol, parameters);
    const LoweredNeeds needs = measureNeeds(module, symbol);
    Halide::Buffer<uint8_t> object = module.compile_to_buffer();
    std::string text = "ok " + std::to_string(needs.callerScratchBytes) + ' ' +
                       std::to_string(needs.workerScratchBytes) + ' ' + std::to_string(needs.tasks) + '\n';
    text.append(reinterpret_cast<const char *>(object.data()), object.size_in_bytes());
    return text;
  } catch (const std::exception &error) {
    return std::string("error\n") + error.what();
  }
}

/// In the child: "ok\n", then a line "function calls" or "function loop iterations" for each, or "error\n" and
/// why. The assembly goes to `path`.
std::string listHere(const KernelSpec &spec, const Target &target, llvm::StringRef parameters,
                     const std::string &path) {
  try {
    const std::string symbol = "kernel";
    Halide::Module module = buildModule(spec, target, symbol, parameters);
    KernelListing listing;
    countLoops(module, symbol, listing);
    module.compile({{Halide::OutputFileType::assembly, path}});
    std::string text = "ok\n";
    for (const KernelListing::Function &function : listing.functions)
      text += llvm::formatv("{0} {1}\n", function.name, function.calls);
    for (const KernelListing::Loop &loop : listing.loops)
      text += llvm::formatv("{0} {1} {2}\n", loop.function, loop.name, loop.iterations);
    return text;
  } catch (const std::exception &error) {
    return std::string("error\n") + error.what();
  }
}

/// Reads what listHere wrote; false where it is malformed.
bool readCounts(llvm::StringRef text, KernelListing &listing) {
  llvm::SmallVector<llvm::StringRef> lines, words;
  text.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    words.clear();
    line.split(words, ' ');
    double count = 0;
    if (words.back().getAsDouble(count))
      return false;
    if (words.size() == 2)
      listing.functions.push_back({words[0].str(), count});
    else if (words.size() == 3)
      listing.loops.push_back({words[0].str(), words[1].str(), count});
    else
      return false;
  }
  return true;
}

/// Halide indexes with 32-bit integers.
llvm::Error checkSizes(const KernelSpec &spec, const std::vector<KernelArgument> &arguments) {
  for (const KernelArgument &argument : arguments) {
    double elements = 1;
    for (const BufferDimension &dimension : argument.dimensions)
      elements *= dimension.extent;
    if (elements > std::numeric_limits<int32_t>::max())
      return inputError("kernel " + spec.text() + ": a tensor has more than 2^31 elements");
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<CompiledKernel> fasternet::compileKernel(const KernelSpec &spec, const Target &target,
                                                        llvm::StringRef symbol, llvm::StringRef overrides,
                                                        llvm::StringRef origin) {
  llvm::Expected<std::string> parameters = scheduleParameters(spec, target, overrides);
  if (!parameters)
    return inputError("kernel " + spec.text() + " for " + target.name + ": " +
                      llvm::toString(parameters.takeError()));

  CompiledKernel kernel;
  kernel.spec = spec;
  kernel.target = target.name.str();
  kernel.symbol = symbol.str();
  if (origin.empty())
    origin = overrides.empty() ? "default" : "given";
  kernel.schedule = *parameters + (" (" + origin + ")").str();
  kernel.arguments = kernelArguments(spec);
  if (llvm::Error error = checkSizes(spec, kernel.arguments))
    return error;

  auto failure = [&](const llvm::Twine &why) {
    return inputError("kernel " + spec.text() + " for " + target.name + ", schedule " + *parameters + ": " +
                      why);
  };
  llvm::Expected<std::string> result =
      runInChild([&] { return compileHere(spec, target, kernel.symbol, *parameters); });
  if (!result)
    return failure(llvm::toString(result.takeError()));
  auto [head, body] = llvm::StringRef(*result).split('\n');
  llvm::SmallVector<llvm::StringRef> words;
  head.split(words, ' ');
  if (words.size() != 4 || words[1].getAsInteger(10, kernel.callerScratchBytes) ||
      words[2].getAsInteger(10, kernel.workerScratchBytes) || words[3].getAsInteger(10, kernel.tasks))
    return failure(body.rtrim());
  kernel.object = body.str();
  return kernel;
}

llvm::Expected<KernelListing> fasternet::listKernel(const KernelSpec &spec, const Target &target,
                                                    llvm::StringRef overrides) {
  llvm::Expected<std::string> parameters = scheduleParameters(spec, target, overrides);
  if (!parameters)
    return parameters.takeError();
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string path = folder->path("kernel.s");
  llvm::Expected<std::string> result = runInChild([&] { return listHere(spec, target, *parameters, path); });
  if (!result)
    return result.takeError();
  KernelListing listing;
  auto [head, body] = llvm::StringRef(*result).split('\n');
  auto assembly = llvm::MemoryBuffer::getFile(path);
  if (head != "ok" || !assembly || !readCounts(body, listing))
    return inputError("kernel " + spec.text() + " for " + target.name + ", schedule " + *parameters + ": " +
                      body.rtrim());
  listing.assembly = (*assembly)->getBuffer().str();
  return listing;
}
