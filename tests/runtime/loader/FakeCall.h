// What every entry point of the fake driver begins with.
#pragma once

#include "FakeDriverState.h"

#include <unistd.h>

extern "C" {
// Each definition must be what the loader and the harness programs expect to call.
#define DECLARE(name, symbol, parameters) CUresult symbol parameters;
FNET_CUDA_DRIVER_FUNCTIONS(DECLARE)
GPU_FUNCTIONS(DECLARE)
#undef DECLARE
}

namespace fake_driver {

/// A call in progress: seen, under the lock, and perhaps told to fail.
struct Call {
  explicit Call(const char *name) : name(name), lock(state().mutex) {
    state().calls.push_back(name);
    const bool counts = state().failName.empty() || state().failName == name;
    if (counts && state().failIn != SIZE_MAX && state().failIn-- == 0) {
      failure = state().failure;
      state().failIn = SIZE_MAX;
    }
    if (state().isSpoiled)
      failure = illegalAddress;
    if (state().initialisedBy != 0 && state().initialisedBy != getpid())
      failure = notInitialised;
  }

  /// The device whose context is current; a misuse and null device 0 where there is none.
  int device() const {
    if (!contextStack().empty() && contextStack().back() != hostContext)
      return contextStack().back();
    state().misuse(std::string(name) + " without a current context");
    return 0;
  }

  /// Takes an object out of its table; a misuse if it is not there.
  template <typename Table, typename Handle> auto take(Table &table, Handle handle) const {
    auto node = table.extract(uintptr_t(handle));
    if (node.empty())
      state().misuse(std::string(name) + ": no such object");
    return node;
  }

  const char *name;
  std::lock_guard<std::recursive_mutex> lock;
  int failure = CUDA_SUCCESS;
};

// The name of the entry point's first form, as the documentation has it.
#define CALL(name)                                                                                           \
  Call call(#name);                                                                                          \
  if (call.failure != CUDA_SUCCESS)                                                                          \
  return call.failure

template <typename Handle> Handle handle(uintptr_t number) {
  return reinterpret_cast<Handle>(number);
}

/// Queues work, or captures it.
CUresult queue(const Call &call, CUstream handle, Work work);

} // namespace fake_driver
