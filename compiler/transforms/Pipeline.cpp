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

void fasternet::buildFusePipeline(mlir::OpPassManager &passes, ElementType precision) {
  buildFoldAndFusePipeline(passes);
  passes.addPass(createMaterializeBorders());
  OutlineKernelsOptions outline;
  outline.precision = elementName(precision).str();
  passes.addPass(createOutlineKernels(outline));
}
