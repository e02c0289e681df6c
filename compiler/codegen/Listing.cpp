#include "codegen/ChildProcess.h"
#include "codegen/Codegen.h"
#include "codegen/Loops.h"
#include "codegen/PipelineCompiler.h"
#include "support/Diagnostics.h"
#include "support/Process.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <exception>

using namespace fasternet;

namespace {

/// In the child: "ok\n", then a line "function calls" or "function loop iterations" for each, or "error\n"
/// and why. The assembly goes to `path`.
std::string listHere(const KernelSpec &spec, const Target &target, llvm::StringRef parameters,
                     const std::string &path) {
  try {
    const std::string symbol = "kernel";
    const Halide::Module module =
        lowerPipeline([&] { return buildPipeline(spec, target, parameters); }, halideTarget(target), symbol);
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
  } catch (const Halide::Error &error) { // is not a std::exception
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

} // namespace

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
