#include "driver/CrossTools.h"
#include "driver/Toolchain.h"
#include "support/Diagnostics.h"
#include "support/Process.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/TargetParser/Triple.h"

using namespace fasternet;

/// Without the vendor, which distributions leave out: aarch64-linux-gnu-gcc.
static std::string crossCompiler(const Target &target) {
  const llvm::Triple triple(target.triple);
  return (triple.getArchName() + "-" + triple.getOSAndEnvironmentName() + "-gcc").str();
}

std::string fasternet::compilerFor(const Target &target, llvm::StringRef cc) {
  if (!cc.empty())
    return cc.str();
  return isHostFamily(target) ? "cc" : crossCompiler(target);
}

std::string fasternet::compilerHint(const Target &target, llvm::StringRef cc) {
  const std::string cross = crossCompiler(target);
  if (cc != cross)
    return "";
  // The names of packages have no underscore, and those of the C library Debian's own names of processors.
  std::string compiler = llvm::StringRef(cross).drop_back(4).str();
  llvm::replace(compiler, '_', '-');
  const char *library = target.family == TargetFamily::Arm ? "arm64" : "amd64";
  return "; on Debian: apt-get install gcc-" + compiler + " libc6-dev-" + library + "-cross";
}

llvm::Error fasternet::checkCompiler(const Target &target, llvm::StringRef cc) {
  if (!haveCompiler(cc))
    return llvm::Error::success();
  auto result = runProcess({cc.str(), "-dumpmachine"});
  if (!result)
    return result.takeError();
  const llvm::Triple made(llvm::Triple::normalize(llvm::StringRef(result->out).trim()));
  const llvm::Triple wanted(target.triple);
  if (result->status != 0 || made.getArch() == llvm::Triple::UnknownArch ||
      made.getArch() == wanted.getArch())
    return llvm::Error::success();
  return inputError("--cc: '" + cc + "' makes programs for " + made.getArchName() + ", but target '" +
                    target.name + "' needs " + wanted.getArchName());
}

llvm::Error fasternet::checkPrograms(llvm::StringRef purpose, const Target &target, llvm::StringRef cc,
                                     llvm::ArrayRef<std::string> runners) {
  if (!isHostFamily(target) && (runners.empty() || llvm::is_contained(runners, ""))) {
    const llvm::Triple triple(target.triple);
    return inputError("target '" + target.name + "' does not run on this machine: give a runner, such as " +
                      "--runner qemu-" + triple.getArchName() +
                      " (on Debian: apt-get install qemu-user) or --runner \"ssh board\"");
  }
  if (!haveCompiler(cc))
    return inputError("cannot " + purpose + " without the C compiler '" + cc + "'" +
                      compilerHint(target, cc));
  for (const std::string &runner : runners)
    if (llvm::Error error = checkRunner(runner))
      return error;
  return checkCompiler(target, cc);
}
