// Mean, product, activation and classifier become one op.
#include "transforms/Passes.h"

#include "dialect/FasternetOps.h"

#include "mlir/IR/Builders.h"

namespace fasternet {
#define GEN_PASS_DEF_FUSEHEAD
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FuseHead : public fasternet::impl::FuseHeadBase<FuseHead> {
  void runOnOperation() override;
  bool fuse(ir::GlobalPoolOp pool);
};

/// The only reader of the op's result, if it is of this kind.
template <typename Op> Op soleUser(Operation *op) {
  return op && op->hasOneUse() ? dyn_cast<Op>(*op->user_begin()) : Op();
}

bool FuseHead::fuse(ir::GlobalPoolOp pool) {
  auto first = soleUser<ir::LinearOp>(pool);
  // A matrix of the right shape could also be read as the weight.
  if (first && first.getInput() != pool.getResult())
    return false;
  auto activation = first && !first.getBias() ? soleUser<ir::ActivationOp>(first) : ir::ActivationOp();
  if (!activation)
    return false;
  auto classifier = soleUser<ir::LinearOp>(activation);
  if (classifier && (!classifier.getBias() || classifier.getInput() != activation.getResult()))
    classifier = {};
  Operation *last = classifier ? classifier.getOperation() : activation.getOperation();
  OpBuilder builder(last);
  Value head =
      ir::HeadOp::create(builder, pool.getLoc(), cast<RankedTensorType>(last->getResult(0).getType()),
                         pool.getInput(), first.getWeight(), classifier ? classifier.getWeight() : Value(),
                         classifier ? classifier.getBias() : Value(), activation.getKind());
  last->getResult(0).replaceAllUsesWith(head);
  if (classifier)
    classifier.erase();
  for (Operation *op : std::initializer_list<Operation *>{activation, first, pool})
    op->erase();
  return true;
}

void FuseHead::runOnOperation() {
  SmallVector<ir::GlobalPoolOp> pools;
  getOperation().walk([&](ir::GlobalPoolOp pool) { pools.push_back(pool); });
  for (ir::GlobalPoolOp pool : pools)
    fused += fuse(pool);
}

} // namespace
