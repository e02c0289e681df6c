// Convolutions of patches that have no norm get a zero bias; the change of layout before the embedding goes
// away.
#include "transforms/FoldedWeights.h"
#include "transforms/Passes.h"

namespace fasternet {
#define GEN_PASS_DEF_FUSEPATCHCONV
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

class FusePatchConv : public fasternet::impl::FusePatchConvBase<FusePatchConv> {
  void runOnOperation() override;
};

void FusePatchConv::runOnOperation() {
  SmallVector<ir::Conv2dOp> convolutions;
  getOperation().walk([&](ir::Conv2dOp conv) { convolutions.push_back(conv); });
  for (ir::Conv2dOp conv : convolutions) {
    OpBuilder builder(conv);
    Value bias = conv.getBias();
    const int64_t outputs = cast<RankedTensorType>(conv.getWeight().getType()).getDimSize(0);
    ir::WeightOp weight = weightOf(conv.getWeight());
    const std::string name = weight ? (weight.getName() + ".bias").str() : "bias";
    if (!bias)
      bias =
          createWeight(builder, conv.getLoc(), name, RankedTensorType::get({outputs}, builder.getF32Type()),
                       std::vector<double>(size_t(outputs), 0.0));
    conv.replaceAllUsesWith(ir::PatchConvOp::create(builder, conv.getLoc(), conv.getType(), conv.getInput(),
                                                    conv.getWeight(), bias, conv.getStrideAttr(), UnitAttr())
                                .getResult());
    conv.erase();
    ++fused;
  }
  getOperation().walk([&](ir::PatchConvOp conv) {
    auto layout = conv.getInput().getDefiningOp<ir::ToNhwcOp>();
    if (!layout || conv.getNchw())
      return;
    conv.getInputMutable().assign(layout.getInput());
    conv.setNchw(true);
    if (layout->use_empty())
      layout.erase();
    ++fused;
  });
}

} // namespace
