// Runs a function in a forked child and brings back the text that it made.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

/// Runs `work` in a child process, which ends with it, and returns its result. Halide needs this for three
/// reasons: names and their order come from counters of the whole process, so that only a process that has
/// compiled nothing gives the same bytes each time; children compile in parallel without sharing state; and
/// memory, or a crash, stays with the child. The calling process must not itself use what `work` uses. An
/// error says how the child ended.
llvm::Expected<std::string> runInChild(llvm::function_ref<std::string()> work);

} // namespace fasternet
