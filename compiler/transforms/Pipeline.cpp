// The order of the passes up to kernel calls.
#include "transforms/Passes.h"

#include "mlir/Pass/PassManager.h"

void fasternet::buildFoldAndFusePipeline(mlir::OpPassManager &passes) {
  passes.addPass(createFoldBatchNorm());
  passes.addPass(createFoldLayerScale());
  passes.addPass(createFusePatchConv());
  passes.addPass(createFuseBlock());
  passes.addPass(createFuseHead());
  passes.addPass(createFuseAffine());
  passes.addPass(createCheckFused());
}

void fasternet::buildFusePipeline(mlir::OpPassManager &passes) {
  buildFoldAndFusePipeline(passes);
  passes.addPass(createMaterializeBorders());
  passes.addPass(createOutlineKernels());
}
