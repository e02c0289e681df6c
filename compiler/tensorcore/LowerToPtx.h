// From the gpu dialect to PTX text, in this process.
#pragma once

#include "targets/Targets.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fasternet::tensorcore {

/// Lowers the one gpu.module of `module`, which is consumed, for the GPU `target`.
llvm::Expected<std::string> lowerToPtx(mlir::ModuleOp module, const Target &target);

} // namespace fasternet::tensorcore
