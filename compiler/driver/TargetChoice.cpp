#include "driver/TargetChoice.h"
#include "support/Diagnostics.h"
#include "targets/Cpus.h"

#include "llvm/ADT/STLExtras.h"

#include <deque>

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

/// The CPU for --tune-for, or null without one.
static llvm::Expected<const Cpu *> cpuNamed(llvm::StringRef name) {
  if (name.empty())
    return nullptr;
  if (const Cpu *cpu = findCpu(name))
    return cpu;
  std::string known;
  for (const Cpu &cpu : allCpus())
    known += (known.empty() ? "" : ", ") + cpu.name.str();
  return inputError("--tune-for: found '" + name + "', expected one of " + known);
}

/// The copy outlives every use: commands run once per process.
static const Target *keep(Target target) {
  static std::deque<Target> kept;
  kept.push_back(std::move(target));
  return &kept.back();
}

llvm::Expected<std::vector<const Target *>> fasternet::chooseTargets(llvm::ArrayRef<std::string> names,
                                                                     llvm::StringRef tuneFor) {
  auto named = cpuNamed(tuneFor);
  if (!named)
    return named.takeError();
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
  for (const Target *&target : targets) {
    const Cpu *cpu = *named;
    if (!cpu && target == hostTarget() && llvm::is_contained(names, "host"))
      cpu = hostCpu();
    if (cpu && cpu->family != target->family)
      return inputError("--tune-for: '" + cpu->name + "' cannot run target '" + target->name + "'");
    if (cpu)
      target = keep(tunedFor(*target, *cpu));
  }
  return targets;
}

llvm::Expected<std::vector<std::vector<const Target *>>>
fasternet::chooseLibraries(llvm::ArrayRef<std::string> names, llvm::StringRef tuneFor) {
  std::vector<std::string> ofCpus, ofGpus;
  for (const std::string &name : names) {
    auto target = targetNamed(name);
    if (!target)
      return target.takeError();
    ((*target)->family == TargetFamily::Cuda ? ofGpus : ofCpus).push_back(name);
  }
  const bool both = !ofCpus.empty() && !ofGpus.empty();
  const Cpu *cpu = findCpu(tuneFor);
  std::vector<std::vector<const Target *>> libraries;
  for (const auto *group : {&ofCpus, &ofGpus}) {
    if (group->empty())
      continue;
    const bool elsewhere = both && cpu && (cpu->family == TargetFamily::Cuda) != (group == &ofGpus);
    auto targets = chooseTargets(*group, elsewhere ? "" : tuneFor);
    if (!targets)
      return targets.takeError();
    libraries.push_back(std::move(*targets));
  }
  return libraries;
}

llvm::Expected<const Target *> fasternet::chooseHost(llvm::StringRef name) {
  if (name.empty()) {
    const Target *smallest = nullptr;
    for (const Target &target : allTargets())
      if (isHostFamily(target))
        smallest = &target;
    if (smallest)
      return smallest;
    return inputError(
        "--host is needed: this machine's processor is of none of the families of `fasternetc targets`");
  }
  auto target = targetNamed(name);
  if (!target)
    return inputError("--host" +
                      llvm::toString(target.takeError()).substr(llvm::StringRef("--target").size()));
  if ((*target)->family == TargetFamily::Cuda)
    return inputError("--host: found '" + name + "', expected a CPU's target such as x86-64-v2 or aarch64");
  return target;
}
