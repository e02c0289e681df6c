// Which GPU a machine has.
#pragma once

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

} // namespace fasternet
