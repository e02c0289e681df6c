#include "driver/TargetChoice.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

static llvm::Expected<const Target *> targetNamed(llvm::StringRef name) {
  if (name == "host") {
    if (const Target *host = hostTarget())
      return host;
    return inputError(
        "--target host: this machine satisfies none of the targets; name one of `fasternetc targets`");
  }
  if (const Target *target = findTarget(name))
    return target;
  std::string known = "host";
  for (const Target &target : allTargets())
    known += (", " + target.name).str();
  return inputError("--target: found '" + name + "', expected one of " + known);
}

llvm::Expected<std::vector<const Target *>> fasternet::chooseTargets(llvm::ArrayRef<std::string> names) {
  std::vector<const Target *> targets;
  for (const std::string &name : names) {
    auto target = targetNamed(name);
    if (!target)
      return target.takeError();
    if (!llvm::is_contained(targets, *target))
      targets.push_back(*target);
  }
  for (const Target *target : targets)
    if (target->family != targets.front()->family)
      return inputError("--target: '" + target->name + "' and '" + targets.front()->name +
                        "' belong to different families and cannot share a library");
  // allTargets() is one array in order of preference, so addresses order the choice.
  llvm::sort(targets);
  return targets;
}
