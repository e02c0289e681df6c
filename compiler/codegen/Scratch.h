// Memory and tasks of a lowered kernel, read off its loops.
#pragma once

#include <Halide.h>

namespace fasternet {

struct LoweredNeeds {
  int64_t callerScratchBytes = 0; ///< allocations outside parallel loops
  int64_t workerScratchBytes = 0; ///< the largest sum of allocations of one parallel loop's body
  int64_t tasks = 1;              ///< iterations of the largest parallel loop
};

/// `symbol` is the kernel's function; the module's other functions are bodies of parallel loops. Counts what
/// becomes a call of halide_malloc, as the sum over one function: enough for an allocator that gives nothing
/// back before the function returns.
LoweredNeeds measureNeeds(const Halide::Module &module, const std::string &symbol);

} // namespace fasternet
