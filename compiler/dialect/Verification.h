// Checks that the verifiers of several operations share. Internal to the dialect.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace fasternet::ir {

/// Emits `(<label>) <what> has shape [..], expected [..]` unless they agree. Encodings are not compared.
llvm::LogicalResult requireShape(mlir::Operation *op, llvm::StringRef label, llvm::StringRef what,
                                 mlir::RankedTensorType found, llvm::ArrayRef<int64_t> expected);

/// `[a, b, c]`
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// Operands of conv2d or patch_conv; `bias` may be null. Labels start with `name`.
struct PatchConvolution {
  llvm::StringRef name;
  mlir::RankedTensorType input, weight, bias, result;
  int64_t stride;
  bool nchw;
};
llvm::LogicalResult verifyPatchConvolution(mlir::Operation *op, const PatchConvolution &conv);

/// `<name>.<weightLabel>`: weight is [p, p, 3, 3]; `<name>.partial-channels`: p <= channels of the input.
llvm::LogicalResult verifyPartialConvolution(mlir::Operation *op, llvm::StringRef name,
                                             llvm::StringRef weightLabel, mlir::RankedTensorType input,
                                             mlir::RankedTensorType weight);

} // namespace fasternet::ir
