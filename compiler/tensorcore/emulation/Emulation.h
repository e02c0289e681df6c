// Runs a tensor-core kernel on this machine, thread by thread: its own MLIR before it is lowered, with the
// fragment layouts that the PTX manual documents. A wrong lane, address or barrier shows here, without a GPU.
#pragma once

#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace fasternet {

/// `arguments`: the bytes of each tensor in the order of tensorCoreArguments, borders and padding included;
/// the output's interior is written. Errors tell what the kernel did wrong: an address outside its buffer or
/// not aligned, a value read before it was written or while it was copied, two threads at one place without a
/// barrier between them, an operand not rounded to tf32, threads of a warp apart at a warp's operation.
llvm::Error emulateTensorCoreKernel(const KernelSpec &spec, const Target &target, llvm::StringRef overrides,
                                    llvm::MutableArrayRef<std::vector<uint8_t>> arguments);

} // namespace fasternet
