// What programs for another machine than this one need: a compiler that makes them, a runner that runs them.
#pragma once

#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

/// `cc`, or where it is empty the compiler by the name that distributions give it: cc for a target of this
/// machine's family, else that of the target's triple, such as aarch64-linux-gnu-gcc.
std::string compilerFor(const Target &target, llvm::StringRef cc);

/// How to get the compiler that compilerFor names for `target`: a clause that follows a message, such as
/// "; on Debian: apt-get install ...". Empty where `cc` is another one.
std::string compilerHint(const Target &target, llvm::StringRef cc);

/// A compiler that is there and makes code for another processor than the target's is an error; what is not
/// there, and what does not say what it makes, is none.
llvm::Error checkCompiler(const Target &target, llvm::StringRef cc);

/// Whether programs for `target` can be built with `cc` and run through each of `runners` (none: directly),
/// before anything is compiled. `purpose` begins the message about a missing compiler: "verify", "measure".
llvm::Error checkPrograms(llvm::StringRef purpose, const Target &target, llvm::StringRef cc,
                          llvm::ArrayRef<std::string> runners);

} // namespace fasternet
