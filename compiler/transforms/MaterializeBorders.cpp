// Decides where NHWC tensors have their border of zeros: in the type, once, for all later passes and kernels.
#include "transforms/Passes.h"

#include "dialect/FasternetOps.h"
#include "support/KernelSpec.h"

namespace fasternet {
#define GEN_PASS_DEF_MATERIALIZEBORDERS
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class MaterializeBorders : public fasternet::impl::MaterializeBordersBase<MaterializeBorders> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (!isa<ir::PatchConvOp, ir::BlockOp, ir::HeadOp, ir::AffineOp>(op))
        return;
      auto conv = dyn_cast<ir::PatchConvOp>(op);
      if (!op->getOperand(0).getDefiningOp() && !(conv && conv.getNchw())) {
        op->emitError("reads an NHWC tensor from outside the model, which has no border");
        return signalPassFailure();
      }
      if (!isa<ir::PatchConvOp, ir::BlockOp>(op))
        return;
      auto type = cast<RankedTensorType>(op->getResult(0).getType());
      if (type.getEncoding())
        return;
      auto border = ir::BorderAttr::get(&getContext(), KernelSpec::borderPixels);
      op->getResult(0).setType(RankedTensorType::get(type.getShape(), type.getElementType(), border));
      ++bordered;
    });
  }
};

} // namespace
