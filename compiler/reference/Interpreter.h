// Runs a model's IR in double precision: the oracle that compiled code is compared with. Slow and plain on
// purpose.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
}
} // namespace mlir

namespace fasternet {

/// Interprets a function of imported ops, fused ops, or a mixture (so that a pass can be checked by
/// interpreting before and after it). One vector per argument, row-major in the argument's shape (NCHW at the
/// border of a model); one vector per result, likewise. A tensor is freed after its last use. An op that is
/// not interpreted, an input of the wrong length or a weight without data is an error that names it.
llvm::Expected<std::vector<std::vector<double>>> interpret(mlir::func::FuncOp function,
                                                           llvm::ArrayRef<std::vector<double>> inputs);

/// The same for a module that holds exactly one function.
llvm::Expected<std::vector<std::vector<double>>> interpret(mlir::ModuleOp module,
                                                           llvm::ArrayRef<std::vector<double>> inputs);

} // namespace fasternet
