// Batch norms become part of the weights before them: no kernel computes a norm that can be folded.
#include "transforms/FoldedWeights.h"
#include "transforms/Passes.h"

namespace fasternet {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FoldBatchNorm : public fasternet::impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override;
  bool fold(ir::BatchNormOp norm);
};

/// Runs a bias that stood before the norm through it.
void addOldBias(ChannelAffine &affine, Value bias) {
  if (!bias)
    return;
  const ir::WeightValues old(weightOf(bias).getValue());
  for (size_t c = 0; c < old.size(); ++c)
    affine.bias[c] += double(old[c]) * affine.factor[c];
}

bool FoldBatchNorm::fold(ir::BatchNormOp norm) {
  Operation *producer = norm.getInput().getDefiningOp();
  if (!producer || !producer->hasOneUse())
    return false;
  for (Value operand : norm->getOperands().drop_front())
    if (!weightOf(operand))
      return false;
  OpBuilder builder(norm);
  if (auto conv = dyn_cast<ir::Conv2dOp>(producer)) {
    ir::WeightOp weight = weightOf(conv.getWeight());
    if (!weight || (conv.getBias() && !weightOf(conv.getBias())))
      return false;
    ChannelAffine affine = channelAffine(norm);
    addOldBias(affine, conv.getBias());
    Value bias = createWeight(builder, norm.getLoc(), (weight.getName() + ".bias").str(),
                              cast<RankedTensorType>(norm.getBias().getType()), affine.bias);
    norm.replaceAllUsesWith(ir::PatchConvOp::create(builder, conv.getLoc(), conv.getType(), conv.getInput(),
                                                    scaleRows(builder, weight, affine.factor), bias,
                                                    conv.getStrideAttr(), /*nchw=*/UnitAttr())
                                .getResult());
  } else if (auto product = dyn_cast<ir::PointwiseOp>(producer)) {
    ir::WeightOp weight = weightOf(product.getWeight());
    if (!weight || (product.getBias() && !weightOf(product.getBias())))
      return false;
    ChannelAffine affine = channelAffine(norm);
    addOldBias(affine, product.getBias());
    Value bias = createWeight(builder, norm.getLoc(), (weight.getName() + ".bias").str(),
                              cast<RankedTensorType>(norm.getBias().getType()), affine.bias);
    norm.replaceAllUsesWith(ir::PointwiseOp::create(builder, product.getLoc(), product.getType(),
                                                    product.getInput(),
                                                    scaleRows(builder, weight, affine.factor), bias)
                                .getResult());
  } else {
    return false;
  }
  norm.erase();
  producer->erase();
  return true;
}

void FoldBatchNorm::runOnOperation() {
  ir::WeightSweep sweep(getOperation());
  SmallVector<ir::BatchNormOp> norms;
  getOperation().walk([&](ir::BatchNormOp norm) { norms.push_back(norm); });
  for (ir::BatchNormOp norm : norms)
    folded += fold(norm);
  eraseUnusedWeights(getOperation());
  sweep.releaseUnused();
}

} // namespace
