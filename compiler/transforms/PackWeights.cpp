// Weights of calls become places in one packed blob, which streams to a file: at no time is there more than
// one packed tensor in memory, and the checkpoint's blobs go as they are packed.
#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"
#include "transforms/EntryLayout.h"
#include "transforms/KernelAttributes.h"
#include "transforms/PackedFile.h"
#include "transforms/Passes.h"

#include "support/HalfPrecision.h"
#include "support/TensorFloat.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

#include <cmath>

namespace fasternet {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

/// The operands that read one weight in one form.
struct PackedUse {
  PackedLayout layout;
  ElementType type;
  SmallVector<OpOperand *> operands;
};

/// The uses of each weight by form, weights in the order in which calls read them.
using PackedUses = llvm::MapVector<Operation *, SmallVector<PackedUse>>;

LogicalResult addUse(PackedUses &uses, OpOperand &operand, const KernelArgument &argument) {
  auto weight = operand.get().getDefiningOp<ir::WeightOp>();
  if (!weight)
    return success();
  auto call = cast<ir::CallOp>(operand.getOwner());
  if (argument.role != KernelArgument::Role::Weight)
    return call.emitError("operand ") << operand.getOperandNumber() << " is the weight '" << weight.getName()
                                      << "', but the kernel takes an activation there";
  const PackedLayout &layout = argument.layout;
  int64_t elements = weight.getValue().getNumElements();
  if (layout.panel < 1 || layout.inputPanel < 1 || layout.sourceElements() != elements)
    return call.emitError("weight '")
           << weight.getName() << "' has " << elements << " elements, the layout of " << call.getKernelAttr()
           << " describes " << layout.sourceElements() << " in panels of " << layout.panel;
  SmallVector<PackedUse> &layouts = uses[weight];
  auto *same = llvm::find_if(
      layouts, [&](const PackedUse &use) { return use.layout == layout && use.type == argument.type; });
  if (same == layouts.end()) {
    layouts.push_back({layout, argument.type, {}});
    same = std::prev(layouts.end());
  }
  same->operands.push_back(&operand);
  return success();
}

FailureOr<PackedUses> collectUses(ModuleOp module, func::FuncOp function) {
  PackedUses uses;
  SymbolTable symbols(module);
  for (ir::CallOp call : function.getOps<ir::CallOp>()) {
    if (llvm::none_of(call->getOperands(), [](Value v) { return v.getDefiningOp<ir::WeightOp>(); }))
      continue;
    std::vector<KernelArgument> arguments = attachedArguments(symbols.lookup<ir::KernelOp>(call.getKernel()));
    if (arguments.size() != call->getNumOperands() + 1)
      return call.emitError("kernel ")
             << call.getKernelAttr() << " has " << arguments.size() << " arguments attached, the call needs "
             << call->getNumOperands() + 1;
    for (OpOperand &operand : call->getOpOperands())
      if (failed(addUse(uses, operand, arguments[operand.getOperandNumber()])))
        return failure();
  }
  return uses;
}

/// The first finite value that rounding has made infinite.
std::optional<float> firstLost(ArrayRef<float> values, ArrayRef<uint16_t> halves) {
  constexpr uint16_t infinity = 0x7c00, sign = 0x8000;
  for (auto [value, half] : llvm::zip_equal(values, halves))
    if ((half & ~sign) == infinity && std::isfinite(value))
      return value;
  return std::nullopt;
}

struct PackWeights : fasternet::impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<func::FuncOp> function = modelFunction(module);
    if (failed(function))
      return signalPassFailure();
    // Packed already: the file that the offsets mean must not be overwritten.
    if (module->hasAttr(weightBytesName) && function->getOps<ir::WeightOp>().empty())
      return;
    FailureOr<PackedUses> uses = collectUses(module, *function);
    if (failed(uses))
      return signalPassFailure();

    PackedFile file(output);
    for (auto &[op, layouts] : *uses) {
      auto weight = cast<ir::WeightOp>(op);
      for (PackedUse &use : layouts)
        if (failed(packUse(weight, use, file)))
          return signalPassFailure();
      ElementsAttr value = weight.getValue();
      bool shared = llvm::any_of(function->getOps<ir::WeightOp>(), [&](ir::WeightOp other) {
        return other != weight && other.getValue() == value;
      });
      if (!weight->use_empty())
        continue; // A layer that was not outlined reads it.
      weight.erase();
      if (!shared)
        ir::releaseWeight(value);
    }
    if (llvm::Error error = file.close()) {
      module.emitError(llvm::toString(std::move(error)));
      return signalPassFailure();
    }
    module->setAttr(weightBytesName, Builder(&getContext()).getI64IntegerAttr(file.bytes()));
  }

  LogicalResult packUse(ir::WeightOp weight, PackedUse &use, PackedFile &file) {
    std::vector<float> values = pack(ir::WeightValues(weight.getValue()).get(), use.layout);
    auto source = cast<RankedTensorType>(weight.getResult().getType());
    // Rounded floats are floats to everybody but the kernel, whose argument says tf32.
    const ElementType stored = use.type == ElementType::TF32 ? ElementType::F32 : use.type;
    auto type = RankedTensorType::get(source.getShape(), ir::toType(&getContext(), stored));
    int64_t offset = 0;
    if (use.type == ElementType::F16) {
      std::vector<uint16_t> halves = halfBits(values);
      if (std::optional<float> lost = firstLost(values, halves))
        return weight.emitError("weight '")
               << weight.getName() << "' holds " << *lost << ", beyond the range of half precision";
      offset = file.append(ArrayRef<uint16_t>(halves));
    } else {
      if (use.type == ElementType::TF32)
        llvm::transform(values, values.begin(), roundedToTf32);
      offset = file.append(ArrayRef<float>(values));
    }
    OpBuilder builder(weight);
    auto replacement = ir::PackedWeightOp::create(builder, weight.getLoc(), type, weight.getName(), offset,
                                                  int64_t(values.size()) * elementBytes(use.type));
    for (OpOperand *operand : use.operands)
      operand->set(replacement.getResult());
    ++packed;
    return success();
  }
};

} // namespace
