// Fused ops of equal shape share one kernel: each becomes a call of it.
#include "transforms/Passes.h"

#include "dialect/FasternetOps.h"
#include "support/KernelSpec.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include "llvm/ADT/StringExtras.h"

namespace fasternet {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

int64_t dimension(Value value, unsigned index) {
  return cast<RankedTensorType>(value.getType()).getDimSize(index);
}

/// The spec of a fused op; nothing for any other op.
std::optional<KernelSpec> specOf(Operation *operation, ElementType precision) {
  KernelSpec spec;
  // tf32 is what tensor cores round floats to: the weights of their products, in memory as floats.
  const bool isProduct = isa<ir::BlockOp>(operation) ||
                         (isa<ir::PatchConvOp>(operation) && !cast<ir::PatchConvOp>(operation).getNchw());
  spec.activations = precision == ElementType::TF32 ? ElementType::F32 : precision;
  spec.weights = precision == ElementType::TF32 && !isProduct ? ElementType::F32 : precision;
  if (!isa<ir::PatchConvOp, ir::BlockOp, ir::HeadOp, ir::AffineOp>(operation))
    return std::nullopt;
  Value input = operation->getOperand(0);
  spec.batch = dimension(input, 0);
  spec.height = dimension(input, 1);
  spec.width = dimension(input, 2);
  spec.channels = dimension(input, 3);
  if (auto conv = dyn_cast<ir::PatchConvOp>(operation)) {
    spec.kind = KernelKind::PatchConv;
    if (conv.getNchw()) {
      spec.inputLayout = TensorLayout::NCHW;
      spec.channels = dimension(input, 1);
      spec.height = dimension(input, 2);
      spec.width = dimension(input, 3);
    }
    spec.outputs = dimension(conv.getWeight(), 0);
    spec.kernel = dimension(conv.getWeight(), 2);
    spec.stride = int64_t(conv.getStride());
  } else if (auto block = dyn_cast<ir::BlockOp>(operation)) {
    spec.kind = KernelKind::Block;
    spec.partial = dimension(block.getPartialWeight(), 0);
    spec.hidden = dimension(block.getFirstWeight(), 0);
    spec.activation = ir::toSupport(block.getActivation());
  } else if (auto head = dyn_cast<ir::HeadOp>(operation)) {
    spec.kind = KernelKind::Head;
    spec.features = dimension(head.getWeight(), 0);
    spec.outputs = head.getClassifierWeight() ? dimension(head.getClassifierWeight(), 0) : 0;
    spec.activation = ir::toSupport(head.getActivation());
  } else {
    spec.kind = KernelKind::Affine;
  }
  return spec;
}

class OutlineKernels : public fasternet::impl::OutlineKernelsBase<OutlineKernels> {
public:
  using OutlineKernelsBase::OutlineKernelsBase;
  void runOnOperation() override;
};

/// What `op` makes, in the element type of the kernel that makes it.
RankedTensorType resultType(Operation *op, const KernelSpec &spec) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return RankedTensorType::get(type.getShape(), ir::toType(op->getContext(), spec.outputType()),
                               type.getEncoding());
}

void OutlineKernels::runOnOperation() {
  const std::optional<ElementType> chosen = elementNamed(precision);
  if (!chosen || *chosen == ElementType::BF16) {
    getOperation().emitError("precision is '") << precision << "', expected f32, tf32 or f16";
    return signalPassFailure();
  }
  SmallVector<std::pair<Operation *, KernelSpec>> fused;
  getOperation().walk([&](Operation *op) {
    if (auto spec = specOf(op, *chosen))
      fused.push_back({op, *spec});
  });
  for (auto &[op, spec] : fused) {
    const std::string text = spec.text();
    std::string symbol = text;
    llvm::replace(symbol, '-', '_');
    if (!getOperation().lookupSymbol(symbol)) {
      // Kernels stand before the function that calls them, in the order of first use.
      OpBuilder builder(op->getParentOfType<func::FuncOp>());
      ir::KernelOp::create(builder, op->getLoc(), symbol, text, ArrayAttr(), ArrayAttr());
      ++kernels;
    }
    OpBuilder builder(op);
    Value result =
        ir::CallOp::create(builder, op->getLoc(), resultType(op, spec),
                           FlatSymbolRefAttr::get(&getContext(), symbol), op->getOperands(), IntegerAttr())
            .getResult();
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
    ++calls;
  }
}

} // namespace
