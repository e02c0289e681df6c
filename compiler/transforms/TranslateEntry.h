// The lowered module to object code, through LLVM IR.
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

/// Translates a module of the LLVM dialect to LLVM IR, optimises it and makes a position-independent
/// relocatable object for the triple's baseline CPU. Same module, same bytes.
llvm::Expected<std::string> translateToObject(mlir::ModuleOp module, llvm::StringRef triple);

} // namespace fasternet
