// The passes of Passes.td and the order in which they run.
#pragma once

#include "support/KernelSpec.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>

namespace fasternet {

#define GEN_PASS_DECL
#include "transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "transforms/Passes.h.inc"

/// From the imported layers to calls of kernels of that precision: folding, fusing, checking, borders,
/// outlining.
void buildFusePipeline(mlir::OpPassManager &passes, ElementType precision = ElementType::F32);
/// The first part of it, up to fused ops: what `inspect --stage fused` shows.
void buildFoldAndFusePipeline(mlir::OpPassManager &passes);

} // namespace fasternet
