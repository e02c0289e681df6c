#include "driver/Toolchain.h"
#include "emit/Emit.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace fasternet;

bool fasternet::haveCompiler(llvm::StringRef cc) {
  return bool(llvm::sys::findProgramByName(cc));
}

/// Writes a file below `folder`, with the folders before it.
static llvm::Error unpack(const TemporaryFolder &folder, llvm::StringRef name, llvm::StringRef text) {
  const std::string path = folder.path(name);
  if (std::error_code ec = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)))
    return inputError(path + ": " + ec.message());
  return writeFile(path, text);
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

llvm::Expected<std::vector<std::pair<std::string, std::string>>> fasternet::compileRuntime(llvm::StringRef cc,
                                                                                           bool onDevice) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  // As they lie in a package, so that what users may have to compile themselves is what is compiled here.
  std::vector<std::string> sources;
  for (const RuntimeFile &file : runtimeFiles()) {
    const std::string path = packagePath(file, onDevice);
    if (path.empty())
      continue;
    if (llvm::Error error = unpack(*folder, path, file.text))
      return error;
    if (llvm::StringRef(path).ends_with(".c"))
      sources.push_back(path);
  }
  llvm::sort(sources);
  std::vector<std::pair<std::string, std::string>> objects;
  for (const std::string &source : sources) {
    const std::string name = (llvm::sys::path::stem(source) + ".o").str(), object = folder->path(name);
    if (llvm::Error error = runCompiler({cc.str(), "-std=c11", "-O2", "-fPIC", "-ffunction-sections",
                                         "-I" + folder->path(""), "-c", folder->path(source), "-o", object}))
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
  for (const RuntimeFile &file : runtimeFiles())
    if (llvm::Error error = unpack(*folder, file.path, file.text))
      return error;
  std::vector<std::string> argv = {build.cc,
                                   "-std=gnu11",
                                   "-O2",
                                   "-pthread",
                                   "-I" + folder->path(""), // the loader's own headers and theirs
                                   "-I" + folder->path("src"),
                                   "-I" + folder->path("include"),
                                   "-I" + folder->path("harness")};
  if (!build.onDevice)
    argv.push_back("-static");
  for (const std::string &define : build.defines)
    argv.push_back("-D" + define);
  for (const std::string &source : build.sources)
    argv.push_back(folder->path(source));
  argv.insert(argv.end(), build.libraries.begin(), build.libraries.end());
  argv.insert(argv.end(), {"-lm", "-ldl", "-o", build.output});
  return runCompiler(argv);
}
