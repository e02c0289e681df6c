// Weights of calls become places in one packed blob, which streams to a file: at no time is there more than
// one packed tensor in memory, and the checkpoint's blobs go as they are packed.
#include "dialect/FasternetOps.h"
#include "dialect/WeightBlob.h"
#include "transforms/EntryLayout.h"
#include "transforms/KernelAttributes.h"
#include "transforms/PackedFile.h"
#include "transforms/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace fasternet {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

/// The operands that read one weight in one layout.
struct PackedUse {
  PackedLayout layout;
  SmallVector<OpOperand *> operands;
};

/// The uses of each weight by layout, weights in the order in which calls read them.
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
  if (layout.panel < 1 || layout.sourceElements() != elements)
    return call.emitError("weight '")
           << weight.getName() << "' has " << elements << " elements, the layout of " << call.getKernelAttr()
           << " describes " << layout.sourceElements() << " in panels of " << layout.panel;
  SmallVector<PackedUse> &layouts = uses[weight];
  auto *same = llvm::find_if(layouts, [&](const PackedUse &use) { return use.layout == layout; });
  if (same == layouts.end()) {
    layouts.push_back({layout, {}});
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
        packUse(weight, use, file);
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

  void packUse(ir::WeightOp weight, PackedUse &use, PackedFile &file) {
    std::vector<float> values = pack(ir::WeightValues(weight.getValue()).get(), use.layout);
    int64_t bytes = int64_t(values.size() * sizeof(float));
    OpBuilder builder(weight);
    auto replacement = ir::PackedWeightOp::create(builder, weight.getLoc(), weight.getResult().getType(),
                                                  weight.getName(), file.append(values), bytes);
    for (OpOperand *operand : use.operands)
      operand->set(replacement.getResult());
    ++packed;
  }
};

} // namespace
