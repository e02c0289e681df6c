#include "driver/Toolchain.h"
#include "emit/Emit.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace fasternet;

bool fasternet::haveCompiler(llvm::StringRef cc) {
  return bool(llvm::sys::findProgramByName(cc));
}

/// Writes the runtime's files below `folder`, as they lie below runtime/.
static llvm::Error unpackRuntime(const TemporaryFolder &folder) {
  for (const RuntimeFile &file : runtimeFiles()) {
    const std::string path = folder.path(file.path);
    if (std::error_code ec = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)))
      return inputError(path + ": " + ec.message());
    if (llvm::Error error = writeFile(path, file.text))
      return error;
  }
  return llvm::Error::success();
}

static llvm::Error runCompiler(std::vector<std::string> argv) {
  auto result = runProcess(argv);
  if (!result)
    return result.takeError();
  if (result->status != 0)
    return inputError("the C compiler '" + argv[0] + "' failed with status " + llvm::Twine(result->status) +
                      ":\n" + result->err);
  return llvm::Error::success();
}

llvm::Expected<std::vector<std::pair<std::string, std::string>>>
fasternet::compileRuntime(llvm::StringRef cc) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = unpackRuntime(*folder))
    return error;
  std::vector<std::pair<std::string, std::string>> objects;
  for (const RuntimeFile &file : runtimeFiles()) {
    if (!file.path.starts_with("src/") || !file.path.ends_with(".c"))
      continue;
    const std::string name = (llvm::sys::path::stem(file.path) + ".o").str(), object = folder->path(name);
    if (llvm::Error error =
            runCompiler({cc.str(), "-std=c11", "-O2", "-fPIC", "-ffunction-sections",
                         "-I" + folder->path("include"), "-c", folder->path(file.path), "-o", object}))
      return error;
    auto bytes = mapFile(object);
    if (!bytes)
      return bytes.takeError();
    objects.emplace_back(name, (*bytes)->getBuffer().str());
  }
  return objects;
}

llvm::Error fasternet::linkHarness(const HarnessBuild &build) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = unpackRuntime(*folder))
    return error;
  std::vector<std::string> argv = {build.cc,
                                   "-std=gnu11",
                                   "-O2",
                                   "-pthread",
                                   "-I" + folder->path("include"),
                                   "-I" + folder->path("harness")};
  if (!build.onDevice)
    argv.push_back("-static");
  for (const std::string &define : build.defines)
    argv.push_back("-D" + define);
  argv.push_back(folder->path("harness/" + build.source));
  // The FMA peak is a file of its own: it is compiled for several instruction sets.
  if (build.source != "verify.c")
    argv.push_back(folder->path("harness/fma_peak.c"));
  argv.insert(argv.end(), build.libraries.begin(), build.libraries.end());
  argv.insert(argv.end(), {"-lm", "-ldl", "-o", build.output});
  return runCompiler(argv);
}
