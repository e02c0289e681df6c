// Independent pieces of work on several threads.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstddef>

namespace fasternet {

/// Threads that this machine runs at once, at least 1.
unsigned hardwareThreads();

/// Calls work(0) to work(count - 1), each once, on so many threads, and waits for all.
void inParallel(unsigned threads, size_t count, llvm::function_ref<void(size_t)> work);

} // namespace fasternet
