// Live ranges of the calls' results become slots in the arena.
#include "dialect/FasternetOps.h"
#include "transforms/ArenaPlanner.h"
#include "transforms/EntryLayout.h"
#include "transforms/Passes.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace fasternet {
#define GEN_PASS_DEF_PLANMEMORY
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

/// The planned tensors of a module, with the call that makes each.
struct ArenaPlan {
  explicit ArenaPlan(bool clearsBorders)
      : planner(clearsBorders ? ArenaPlanner::Borders::Cleared : ArenaPlanner::Borders::Kept) {}
  ArenaPlanner planner;
  SmallVector<std::pair<ir::CallOp, size_t>> tensors;
};

int64_t borderPixels(RankedTensorType type) {
  auto border = dyn_cast_or_null<ir::BorderAttr>(type.getEncoding());
  return border ? border.getPixels() : 0;
}

/// N * (H + 2 border) * (W + 2 border) * C elements, in bytes, or nothing if that overflows.
std::optional<int64_t> tensorBytes(RankedTensorType type) {
  int64_t bytes = type.getElementTypeBitWidth() / 8, border = borderPixels(type);
  for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
    bool isPixel = axis == 1 || axis == 2;
    if (llvm::MulOverflow(bytes, extent + (isPixel ? 2 * border : 0), bytes))
      return std::nullopt;
  }
  return bytes;
}

std::string shapeText(RankedTensorType type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(type.getShape(), os, "x");
  if (int64_t border = borderPixels(type))
    os << " border " << border;
  return text;
}

bool isReturned(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) { return isa<func::ReturnOp>(user); });
}

LogicalResult planArena(ModuleOp module, ArenaPlan &plan) {
  FailureOr<func::FuncOp> function = modelFunction(module);
  if (failed(function))
    return failure();
  llvm::DenseMap<Operation *, int64_t> stepOf;
  auto calls = llvm::to_vector(function->getOps<ir::CallOp>());
  for (auto [step, call] : llvm::enumerate(calls))
    stepOf[call] = int64_t(step);

  for (ir::CallOp call : calls) {
    RankedTensorType type = call.getResult().getType();
    if (isReturned(call.getResult())) {
      if (borderPixels(type) != 0)
        return call.emitError("its result is an output of the model, which has no border; found type ")
               << type;
      continue;
    }
    std::optional<int64_t> bytes = type.hasStaticShape() ? tensorBytes(type) : std::nullopt;
    if (!bytes)
      return call.emitError("its result has no size that memory could be planned for: ") << type;
    int64_t lastUse = stepOf[call];
    for (Operation *user : call.getResult().getUsers())
      lastUse = std::max(lastUse, stepOf.lookup(user));
    std::string shape = shapeText(type);
    size_t tensor = plan.planner.add(
        {shape, *bytes, stepOf[call], lastUse, borderPixels(type) != 0 ? shape : std::string()});
    plan.tensors.push_back({call, tensor});
  }
  plan.planner.commit();
  if (std::optional<std::string> conflict = plan.planner.findConflict())
    return module.emitError("the memory plan contradicts itself: ") << *conflict;
  return success();
}

struct PlanMemory : fasternet::impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;
  void runOnOperation() override {
    ArenaPlan plan(clearBorders);
    if (failed(planArena(getOperation(), plan)))
      return signalPassFailure();
    Builder builder(&getContext());
    for (auto [call, tensor] : plan.tensors) {
      call.setSlotAttr(builder.getI64IntegerAttr(plan.planner.offset(tensor)));
      call.setClearsBorder(plan.planner.clearsBorder(tensor));
    }
    getOperation()->setAttr(arenaBytesName, builder.getI64IntegerAttr(plan.planner.arenaBytes()));
  }
};

} // namespace

FailureOr<std::string> fasternet::drawArena(ModuleOp module, bool clearsBorders) {
  ArenaPlan plan(clearsBorders);
  if (failed(planArena(module, plan)))
    return failure();
  return plan.planner.map();
}
