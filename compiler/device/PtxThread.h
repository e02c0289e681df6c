// One thread of a launch: runs the integer part of its PTX and tells what was run.
#pragma once

#include "device/PtxFunction.h"
#include "support/DeviceKernel.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>
#include <optional>

namespace fasternet {

/// What runPtxThread tells of each instruction, in order.
struct PtxStep {
  size_t index = 0; ///< in the function
  const PtxInstruction *instruction = nullptr;
  std::optional<uint64_t> address; ///< of a load or store, where it is known
};

/// Runs `thread` (its place in a block) of the first block. Buffers lie at made-up addresses 4 GiB apart,
/// shared memory at zero. An error names the instruction whose condition is not known, or says that there is
/// no end.
llvm::Error runPtxThread(const PtxFunction &function, const DeviceLaunch &launch,
                         std::array<uint32_t, 3> thread, llvm::function_ref<void(const PtxStep &)> visit);

} // namespace fasternet
