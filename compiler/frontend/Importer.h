// A description and its weights to the imported level of the IR: one op for each published layer.
#pragma once

#include "frontend/ModelDescription.h"
#include "frontend/Weights.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace fasternet {

/// One function, named after the model: NCHW input to the logits (or, with fork_feat, to four NCHW feature
/// maps). The layers stand in execution order (github.com/JierunChen/FasterNet, models/fasternet.py). Weights
/// are views of `weights`, kept alive by the module; the func and fasternet dialects must be loaded.
mlir::OwningOpRef<mlir::ModuleOp> importModel(mlir::MLIRContext &context, const ModelDescription &model,
                                              const Weights &weights);

} // namespace fasternet
