// What the folding passes share: batch norms as a factor and a bias, in double, and new weights from old
// ones.
#pragma once

#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"

#include "mlir/IR/Builders.h"

namespace fasternet {

/// A batch norm as `x * factor + bias` for each channel: factor = scale / sqrt(variance + epsilon),
/// bias = old bias - mean * factor.
struct ChannelAffine {
  std::vector<double> factor, bias;
};
ChannelAffine channelAffine(ir::BatchNormOp norm);

/// The weight op behind a value; null when it is computed.
ir::WeightOp weightOf(mlir::Value value);

/// A new weight of this name and values, rounded to float once.
mlir::Value createWeight(mlir::OpBuilder &builder, mlir::Location location, llvm::StringRef name,
                         mlir::RankedTensorType type, llvm::ArrayRef<double> values);

/// The weight with row o (all values of output o) multiplied by factor[o].
mlir::Value scaleRows(mlir::OpBuilder &builder, ir::WeightOp weight, llvm::ArrayRef<double> factor);

/// Erases weights that nothing reads any more.
void eraseUnusedWeights(mlir::ModuleOp module);

} // namespace fasternet
