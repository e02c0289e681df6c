// `fasternetc tune`: measures schedules of each distinct kernel of a model and records the best; those of a
// GPU that is not there are ranked by their predicted cost.
#pragma once

#include "driver/RecordSources.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <chrono>
#include <string>
#include <vector>

namespace fasternet {

struct TuneOptions {
  std::string model, name, cc;
  std::vector<const Target *> targets; ///< exactly one, with the CPU that the records are for
  std::vector<std::string> runners;    ///< each measures other kernels at the same time; none: this machine
  std::string output;                  ///< records file, read and appended; empty: <cpu>.tuned.json
  bool shipped = true;                 ///< start from the records that came with the compiler
  std::chrono::seconds budget{600};
  bool predict = false; ///< by predicted cost; the runner only checks, and may be an emulator
  ElementType precision = ElementType::F32;
  const Target *host = nullptr; ///< of GPUs: the CPU target of the programs that measure
};

/// Stops early, with everything kept, on SIGINT or SIGTERM.
llvm::Error tune(const TuneOptions &options);

/// "90", "90s", "10m" or "2h"; from one second to a week.
llvm::Expected<std::chrono::seconds> parseDuration(llvm::StringRef text);

} // namespace fasternet
