// The block of Chen et al. (CVPR 2023, figure 4) becomes one op: what one kernel computes.
#include "transforms/Passes.h"

#include "dialect/FasternetOps.h"

#include "mlir/IR/Builders.h"

namespace fasternet {
#define GEN_PASS_DEF_FUSEBLOCK
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FuseBlock : public fasternet::impl::FuseBlockBase<FuseBlock> {
  void runOnOperation() override;
  bool fuse(ir::AddOp add, Value branch, Value shortcut);
};

/// The op of this kind that makes the value for one reader only; null otherwise.
template <typename Op> Op soleProducer(Value value) {
  auto op = value.getDefiningOp<Op>();
  return op && op->hasOneUse() ? op : Op();
}

bool FuseBlock::fuse(ir::AddOp add, Value branch, Value shortcut) {
  auto second = soleProducer<ir::PointwiseOp>(branch);
  if (!second || second.getBias())
    return false;
  auto activation = soleProducer<ir::ActivationOp>(second.getInput());
  auto first = activation ? soleProducer<ir::PointwiseOp>(activation.getInput()) : ir::PointwiseOp();
  auto partial =
      first && first.getBias() ? soleProducer<ir::PartialConvOp>(first.getInput()) : ir::PartialConvOp();
  if (!partial || partial.getInput() != shortcut)
    return false;
  OpBuilder builder(add);
  add.replaceAllUsesWith(ir::BlockOp::create(builder, add.getLoc(), add.getType(), shortcut,
                                             partial.getWeight(), first.getWeight(), first.getBias(),
                                             second.getWeight(), activation.getKind())
                             .getResult());
  for (Operation *op : std::initializer_list<Operation *>{add, second, activation, first, partial})
    op->erase();
  return true;
}

void FuseBlock::runOnOperation() {
  SmallVector<ir::AddOp> sums;
  getOperation().walk([&](ir::AddOp add) { sums.push_back(add); });
  for (ir::AddOp add : sums)
    fused += fuse(add, add.getRhs(), add.getLhs()) || fuse(add, add.getLhs(), add.getRhs());
}

} // namespace
