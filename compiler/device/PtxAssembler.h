// From PTX to the machine code of one compute capability, by NVIDIA's ptxas.
#pragma once

#include "device/ResourceUsage.h"

#include "llvm/Support/Error.h"

namespace fasternet {

struct Cubin {
  int64_t capability = 0; ///< such as 80
  std::string bytes;      ///< an ELF file, which cuModuleLoadData takes
  std::vector<ResourceUsage> functions;

  /// By name, or null.
  const ResourceUsage *find(llvm::StringRef function) const;
};

/// Optimised code for sm_<capability>. Same PTX and same ptxas, same bytes. Errors: ptxas is missing (ask
/// findDeviceTool first where that is none), refuses the PTX or does not know the capability, each with its
/// own message; or it reports no resources for an entry of the code that it made.
llvm::Expected<Cubin> assemblePtx(llvm::StringRef ptx, int64_t capability);

} // namespace fasternet
