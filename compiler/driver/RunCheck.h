// Whether verify and bench can run what they are about to compile.
#pragma once

#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace fasternet {

/// What of a command's options its programs depend on.
struct RunRequest {
  llvm::StringRef purpose;                ///< of the command, in messages: "verify", "measure"
  llvm::ArrayRef<const Target *> targets; ///< at least one
  const Target *host = nullptr;           ///< of GPUs: the CPU target of the programs
  const std::string &cc, &runner;
  int64_t threads = 1;
  llvm::StringRef elsewhere; ///< of GPUs: ends the message that there is none, with what can be done without
};

/// An error that says what is missing: a compiler or the runner; for GPUs, a device that runs each target.
/// Also where --threads asks for more than the one thread that launches a GPU's kernels.
llvm::Error checkRun(const RunRequest &request);

} // namespace fasternet
