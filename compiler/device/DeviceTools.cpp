#include "device/DeviceTools.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

#include <glob.h>

using namespace fasternet;

namespace {

std::string variableOf(llvm::StringRef name) {
  return "FASTERNET_" + name.upper();
}

/// Folders of the toolkit, without those of PATH.
llvm::SmallVector<std::string> toolkitFolders() {
  llvm::SmallVector<std::string> folders;
  if (auto home = llvm::sys::Process::GetEnv("CUDA_HOME"); home && !home->empty()) {
    llvm::SmallString<128> folder(*home);
    llvm::sys::path::append(folder, "bin");
    folders.push_back(std::string(folder));
  }
  const std::string usual = "/usr/local/cuda/bin";
  if (folders.empty() || folders.back() != usual)
    folders.push_back(usual);
  return folders;
}

/// PyPI's nvidia-cuda-nvdisasm lies in site-packages/nvidia/cu13/bin; packages of CUDA 12 have a folder of
/// their own name where this has cu13.
std::optional<std::string> findInWheels(llvm::StringRef name) {
  const std::string pattern = (FASTERNET_VENV "/lib/python3*/site-packages/nvidia/*/bin/" + name).str();
  glob_t found = {};
  std::optional<std::string> path;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    path = found.gl_pathv[found.gl_pathc - 1]; // sorted by name: of several versions the newest
  globfree(&found);
  return path;
}

} // namespace

std::optional<std::string> fasternet::findDeviceTool(llvm::StringRef name) {
  if (auto path = llvm::sys::Process::GetEnv(variableOf(name)); path && !path->empty()) {
    auto program = llvm::sys::findProgramByName(*path); // a path with a slash comes back unseen
    return program && llvm::sys::fs::can_execute(*program) ? std::optional(*program) : std::nullopt;
  }
  if (auto program = llvm::sys::findProgramByName(name))
    return *program;
  const llvm::SmallVector<std::string> folders = toolkitFolders();
  const llvm::SmallVector<llvm::StringRef> searched(folders.begin(), folders.end());
  if (auto program = llvm::sys::findProgramByName(name, searched))
    return *program;
  return findInWheels(name);
}

std::string fasternet::missingDeviceTool(llvm::StringRef name) {
  std::string text = name.str() + " was not found (";
  if (auto path = llvm::sys::Process::GetEnv(variableOf(name)); path && !path->empty())
    return text + variableOf(name) + " is '" + *path + "')";
  text += "on PATH";
  for (const std::string &folder : toolkitFolders())
    text += ", in " + folder;
  return text + ", in the packages of " FASTERNET_VENV "; " + variableOf(name) + " may name it)";
}
