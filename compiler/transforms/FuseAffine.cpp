// The norm of a feature output cannot be folded, because the trunk goes on without it: it becomes scale and
// bias.
#include "transforms/FoldedWeights.h"
#include "transforms/Passes.h"

namespace fasternet {
#define GEN_PASS_DEF_FUSEAFFINE
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FuseAffine : public fasternet::impl::FuseAffineBase<FuseAffine> {
  void runOnOperation() override;
};

void FuseAffine::runOnOperation() {
  ir::WeightSweep sweep(getOperation());
  SmallVector<ir::ToNchwOp> borders;
  getOperation().walk([&](ir::ToNchwOp op) { borders.push_back(op); });
  for (ir::ToNchwOp layout : borders) {
    auto norm = layout.getInput().getDefiningOp<ir::BatchNormOp>();
    if (!norm || !norm->hasOneUse() ||
        !llvm::all_of(norm->getOperands().drop_front(), [](Value value) { return bool(weightOf(value)); }))
      continue;
    const ChannelAffine affine = channelAffine(norm);
    OpBuilder builder(layout);
    auto type = cast<RankedTensorType>(norm.getScale().getType());
    const StringRef name = weightOf(norm.getScale()).getName();
    Value scale = createWeight(builder, norm.getLoc(), (name + ".scale").str(), type, affine.factor);
    Value bias = createWeight(builder, norm.getLoc(), (name + ".bias").str(), type, affine.bias);
    layout.replaceAllUsesWith(
        ir::AffineOp::create(builder, norm.getLoc(), layout.getType(), norm.getInput(), scale, bias)
            .getResult());
    layout.erase();
    norm.erase();
    ++fused;
  }
  eraseUnusedWeights(getOperation());
  sweep.releaseUnused();
}

} // namespace
