// What one device function needs of a multiprocessor, as ptxas reports it.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet {

/// Of a function that is called but is no entry, ptxas reports stack and spills only.
struct ResourceUsage {
  std::string function;
  bool entry = false;
  int64_t registers = 0;                           ///< of one thread
  int64_t sharedBytes = 0;                         ///< static: what a launch asks for comes on top
  int64_t stackBytes = 0;                          ///< local memory of one thread, spilled registers included
  int64_t spillStoreBytes = 0, spillLoadBytes = 0; ///< of the instructions that spill, each counted once
  int64_t barriers = 0;
  bool operator==(const ResourceUsage &) const = default;
};

/// Reads the text of `ptxas -v`, in its order. What it does not know is passed over, so that other versions'
/// additions do no harm; a function whose registers are missing keeps zero.
std::vector<ResourceUsage> readResourceUsage(llvm::StringRef text);

} // namespace fasternet
