// The control flow of a device function: what runs at all, and its loops.
#pragma once

#include "device/Disassembly.h"

#include "llvm/ADT/BitVector.h"

namespace fasternet {

/// A natural loop: all that leads back to its header without leaving it.
struct MachineLoop {
  size_t header = 0;            ///< index of its first instruction
  llvm::BitVector instructions; ///< by index, inner loops included
  bool innermost = false;       ///< contains no other loop
};

struct ControlFlow {
  llvm::BitVector
      reachable; ///< by instruction: not the padding behind the code, nor the endless loop before it
  std::vector<MachineLoop> loops; ///< in the order of their headers
};

/// Threads that diverge meet again behind BSYNC, which is taken to go on with the next instruction: there
/// ptxas puts the place that BSSY names.
ControlFlow analyzeControlFlow(const MachineFunction &function);

} // namespace fasternet
