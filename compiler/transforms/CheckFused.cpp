// A layer that is left over would be silently missing from the library: it is refused here, by name.
#include "transforms/Passes.h"

#include "dialect/FasternetOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace fasternet {
#define GEN_PASS_DEF_CHECKFUSED
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class CheckFused : public fasternet::impl::CheckFusedBase<CheckFused> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (isa<ModuleOp, func::FuncOp, func::ReturnOp, ir::WeightOp, ir::PatchConvOp, ir::BlockOp, ir::HeadOp,
              ir::AffineOp, ir::KernelOp, ir::CallOp>(op))
        return;
      op->emitError("is not part of any kernel: no fusion applies to it here");
      signalPassFailure();
    });
  }
};

} // namespace
