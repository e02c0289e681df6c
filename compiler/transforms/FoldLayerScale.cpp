// Layer scales multiply the rows of the product before them.
#include "transforms/FoldedWeights.h"
#include "transforms/Passes.h"

namespace fasternet {
#define GEN_PASS_DEF_FOLDLAYERSCALE
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FoldLayerScale : public fasternet::impl::FoldLayerScaleBase<FoldLayerScale> {
  void runOnOperation() override;
  bool fold(ir::LayerScaleOp scale);
};

bool FoldLayerScale::fold(ir::LayerScaleOp op) {
  auto product = op.getInput().getDefiningOp<ir::PointwiseOp>();
  if (!product || !product->hasOneUse() || product.getBias())
    return false;
  ir::WeightOp weight = weightOf(product.getWeight()), scale = weightOf(op.getScale());
  if (!weight || !scale)
    return false;
  const ir::WeightValues values(scale.getValue());
  const std::vector<double> factor(values.get().begin(), values.get().end());
  OpBuilder builder(op);
  op.replaceAllUsesWith(ir::PointwiseOp::create(builder, product.getLoc(), product.getType(),
                                                product.getInput(), scaleRows(builder, weight, factor),
                                                Value())
                            .getResult());
  op.erase();
  product.erase();
  return true;
}

void FoldLayerScale::runOnOperation() {
  ir::WeightSweep sweep(getOperation());
  SmallVector<ir::LayerScaleOp> scales;
  getOperation().walk([&](ir::LayerScaleOp scale) { scales.push_back(scale); });
  for (ir::LayerScaleOp scale : scales)
    folded += fold(scale);
  eraseUnusedWeights(getOperation());
  sweep.releaseUnused();
}

} // namespace
