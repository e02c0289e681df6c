#include "driver/MeasuringLink.h"

#include "driver/Toolchain.h"
#include "emit/Emit.h"
#include "support/Files.h"
#include "support/Process.h"

using namespace fasternet;

llvm::Error fasternet::linkMeasuringProgram(const std::string &cc, llvm::StringRef triple,
                                            const MeasuringParts &parts, const std::string &program) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  HarnessBuild build{.cc = cc,
                     .sources = {"harness/tune.c", "harness/fma_peak.c"},
                     .output = program,
                     .onDevice = parts.onDevice};
  if (parts.onDevice) // the part of the loader that opens the driver
    build.sources = {"harness/cuda_tune.c", "cuda/driver.c", "src/status.c"};
  build.libraries.push_back(folder->path("table.c"));
  if (llvm::Error error = writeFile(build.libraries.back(), parts.table))
    return error;
  for (const auto &[symbol, path] : parts.blobs) {
    auto blob = embedFile(path, symbol, triple);
    if (!blob)
      return blob.takeError();
    build.libraries.push_back(folder->path(symbol + ".o"));
    if (llvm::Error error = writeFile(build.libraries.back(), *blob))
      return error;
  }
  for (const auto &[symbol, object] : parts.objects) {
    const std::string names[] = {symbol, "halide_malloc", "halide_free", "halide_do_par_for"};
    auto rewritten = rewriteSymbols(object, /*renames=*/{}, names, symbol + "_");
    if (!rewritten)
      return rewritten.takeError();
    build.libraries.push_back(folder->path(symbol + ".o"));
    if (llvm::Error error = writeFile(build.libraries.back(), *rewritten))
      return error;
  }
  return linkHarness(build);
}
