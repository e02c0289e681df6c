// Whether a machine has a GPU that can run what is compiled for a target.
#pragma once

#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

struct FoundDevice {
  std::string name;       ///< in the driver's words
  int64_t capability = 0; ///< such as 80
};

/// The first GPU of the machine behind `runner`, told by a small program that is built with `cc` and run
/// there. An error says why there is none: no compiler, no driver, no device.
llvm::Expected<FoundDevice> probeDevice(const std::string &cc, const std::string &runner);

/// --threads is for CPUs: an error where it asks for more than the one thread that launches.
llvm::Error checkThreads(llvm::ArrayRef<const Target *> targets, int64_t threads);

/// A device that runs each of `targets`, or an error of the command `purpose` ("verify", "measure") that says
/// what is missing. `elsewhere` ends it: what can be done without a GPU.
llvm::Error checkDevice(llvm::StringRef purpose, llvm::ArrayRef<const Target *> targets,
                        const std::string &cc, const std::string &runner, llvm::StringRef elsewhere);

} // namespace fasternet
