// The --target option: names to targets of one family.
#pragma once

#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

/// Names, "host" among them, to distinct targets of one family, best first. Unknown names are errors that
/// list the known ones. `tuneFor` names the CPU whose caches and records shape the code; empty: that of the
/// target, and for "host" that of this machine. The targets live as long as the process.
llvm::Expected<std::vector<const Target *>> chooseTargets(llvm::ArrayRef<std::string> names,
                                                          llvm::StringRef tuneFor = "");

/// The same for a command that makes one library of each family: CPUs of one family, then GPUs, either of
/// which may be absent. `tuneFor` goes to the targets of its family.
llvm::Expected<std::vector<std::vector<const Target *>>> chooseLibraries(llvm::ArrayRef<std::string> names,
                                                                         llvm::StringRef tuneFor);

/// The CPU target that a GPU library's host code is for: of that name, or with none the one that every
/// processor of this machine's family satisfies.
llvm::Expected<const Target *> chooseHost(llvm::StringRef name);

} // namespace fasternet
