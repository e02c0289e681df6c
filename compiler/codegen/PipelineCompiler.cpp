#include "codegen/PipelineCompiler.h"
#include "codegen/ChildProcess.h"
#include "codegen/ReadAhead.h"
#include "codegen/Scratch.h"
#include "support/Diagnostics.h"

#include "llvm/Support/raw_ostream.h"

#include <Halide.h>

#include <exception>
#include <limits>

using namespace fasternet;

namespace {

/// Halide warns of pipelines that cannot run, and compiles them; without its assertions they would compute
/// something wrong.
class StrictReporter : public Halide::CompileTimeErrorReporter {
public:
  void warning(const char *message) override {
    if (llvm::StringRef(message).contains("guaranteed to fail"))
      throw std::runtime_error(message);
    llvm::errs() << message << '\n';
  }
  void error(const char *message) override { throw std::runtime_error(message); }
};

/// In the child: "ok caller worker tasks\n" and the object, or "error\n" and why.
std::string compileHere(const BuildPipeline &build, const Target &target, const std::string &symbol) {
  try {
    const Halide::Module module = lowerPipeline(build, halideTarget(target), symbol);
    const LoweredNeeds needs = measureNeeds(module, symbol);
    Halide::Buffer<uint8_t> object = module.compile_to_buffer();
    std::string text = "ok " + std::to_string(needs.callerScratchBytes) + ' ' +
                       std::to_string(needs.workerScratchBytes) + ' ' + std::to_string(needs.tasks) + '\n';
    text.append(reinterpret_cast<const char *>(object.data()), object.size_in_bytes());
    return text;
  } catch (const std::exception &error) {
    return std::string("error\n") + error.what();
  } catch (const Halide::Error &error) { // is not a std::exception
    return std::string("error\n") + error.what();
  }
}

} // namespace

llvm::Error fasternet::checkSizes(llvm::ArrayRef<KernelArgument> arguments) {
  for (const KernelArgument &argument : arguments) {
    double elements = 1;
    for (const BufferDimension &dimension : argument.dimensions)
      elements *= dimension.extent;
    if (elements > std::numeric_limits<int32_t>::max())
      return inputError("a tensor has more than 2^31 elements");
  }
  return llvm::Error::success();
}

Halide::Target fasternet::halideTarget(const Target &target) {
  using H = Halide::Target;
  std::vector<H::Feature> features = {H::NoRuntime, H::NoAsserts, H::NoBoundsQuery, H::UserContext};
  if (target.hasHalfPrecision())
    features.push_back(H::ARMFp16);
  if (target.isa == Isa::NEON)
    // Register x18 is Android's own. Of the systems with ELF objects, Halide's code leaves it alone for
    // Fuchsia only; in all else that code is the same as Linux's.
    return Halide::Target(H::Fuchsia, H::ARM, 64, features);
  features.push_back(H::SSE41);
  if (target.isa >= Isa::AVX2)
    features.insert(features.end(), {H::AVX, H::AVX2, H::FMA, H::F16C});
  if (target.isa >= Isa::AVX512)
    features.insert(features.end(), {H::AVX512, H::AVX512_Skylake});
  return Halide::Target(H::Linux, H::X86, 64, features);
}

Halide::Module fasternet::lowerPipeline(const BuildPipeline &build, const Halide::Target &target,
                                        const std::string &symbol, Halide::LinkageType linkage) {
  static StrictReporter reporter;
  Halide::set_custom_compile_time_error_reporter(&reporter);
  ScheduledPipeline pipeline = build();
  Halide::Pipeline whole(pipeline.output);
  if (!pipeline.readAheads.empty())
    whole.add_custom_lowering_pass(new ReadAheadPass(pipeline.readAheads));
  return whole.compile_to_module(pipeline.arguments, symbol, target, linkage);
}

llvm::Expected<CompiledKernel> fasternet::compilePipeline(const Target &target, llvm::StringRef symbol,
                                                          std::vector<KernelArgument> arguments,
                                                          const BuildPipeline &build) {
  CompiledKernel kernel;
  kernel.target = target.name.str();
  kernel.symbol = symbol.str();
  kernel.arguments = std::move(arguments);
  if (llvm::Error error = checkSizes(kernel.arguments))
    return error;
  llvm::Expected<std::string> result = runInChild([&] { return compileHere(build, target, kernel.symbol); });
  if (!result)
    return result.takeError();
  auto [head, body] = llvm::StringRef(*result).split('\n');
  llvm::SmallVector<llvm::StringRef> words;
  head.split(words, ' ');
  if (words.size() != 4 || words[1].getAsInteger(10, kernel.callerScratchBytes) ||
      words[2].getAsInteger(10, kernel.workerScratchBytes) || words[3].getAsInteger(10, kernel.tasks))
    return inputError(body.rtrim());
  kernel.object = body.str();
  return kernel;
}
