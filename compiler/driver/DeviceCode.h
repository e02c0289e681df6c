// Machine code for the kernels of a model for GPUs, and what it consists of.
#pragma once

#include "device/InstructionMix.h"
#include "device/PtxAssembler.h"
#include "support/DeviceKernel.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <vector>

namespace fasternet {

struct DeviceCode {
  const DeviceKernel *kernel = nullptr; ///< not owned
  std::optional<Cubin> cubin;           ///< for the capability of the kernel's target
  std::vector<FunctionMix> functions;   ///< of the cubin; empty until listInstructions
};

/// One for each kernel, in their order, several at a time. Without ptxas there are no cubins, PTX goes alone,
/// and one warning says so. A function that a launch names and the PTX has not is an error, as is what ptxas
/// refuses.
llvm::Expected<std::vector<DeviceCode>> assembleKernels(llvm::ArrayRef<const DeviceKernel *> kernels,
                                                        Diagnostics &diagnostics);

/// Fills in `functions` of all that have a cubin. Without nvdisasm they stay empty, and one warning says so.
llvm::Error listInstructions(llvm::MutableArrayRef<DeviceCode> code, Diagnostics &diagnostics);

} // namespace fasternet
