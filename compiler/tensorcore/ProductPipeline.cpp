// The pipeline of one product: while a step of the reduction is multiplied, later ones are on their way to
// shared memory. One barrier per step: it publishes the step that is multiplied next, and frees the stage
// read before it.
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

FloatType ProductEmitter::elementType() const {
  return plan.product.type == ElementType::F16 ? FloatType(builder.getF16Type())
                                               : FloatType(builder.getF32Type());
}

Int ProductEmitter::placeOf(Int pixel, const PixelBuffer &values) {
  const Product &product = plan.product;
  const Int row = pixel / product.width, column = pixel % product.width;
  Int place = row % product.height * values.strides.row + column * values.strides.pixel + values.offset;
  return product.batch == 1 ? place : place + row / product.height * values.strides.image;
}

namespace {

using Sums = SmallVector<Value>;
/// From the sums before a step of a tile to those after it.
using Step = llvm::function_ref<Sums(Int step, ValueRange sums)>;

Sums zeroSums(ProductEmitter &emitter) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const auto type = VectorType::get({2, 2}, b.getF32Type());
  const Value zero = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
  return Sums(emitter.plan.rowTiles() * emitter.plan.columnTiles(), zero);
}

/// A loop over the steps of the reduction; short ones are written out, which makes stages constants.
Sums emitSteps(ProductEmitter &emitter, Step emitStep) {
  constexpr int64_t writtenOut = 4;
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t steps = emitter.plan.steps();
  Sums sums = zeroSums(emitter);
  if (steps <= writtenOut) {
    for (int64_t step = 0; step < steps; ++step)
      sums = emitStep(emitter.constant(step), sums);
    return sums;
  }
  auto loop = scf::ForOp::create(b, emitter.constant(0).value(), emitter.constant(steps).value(),
                                 emitter.constant(1).value(), sums);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  scf::YieldOp::create(b, emitStep(Int(b, loop.getInductionVar()), loop.getRegionIterArgs()));
  return Sums(loop.getResults());
}

Value emitCopyGroup(ImplicitLocOpBuilder &b) {
  return nvgpu::DeviceAsyncCreateGroupOp::create(b, nvgpu::DeviceAsyncTokenType::get(b.getContext()),
                                                 ValueRange());
}

/// Each step is multiplied `stages - 1` steps after its copies began. In a sweep the copies run ahead into
/// the next tile.
void emitAsync(ProductEmitter &emitter, StepCopy &copy) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const ProductPlan &plan = emitter.plan;
  const int64_t stages = plan.stages, total = plan.sweep * plan.steps();
  Value group;
  for (int64_t step = 0; step < stages - 1; ++step) {
    if (step < total)
      copy.fetch(emitter.constant(step), emitter.constant(step));
    group = emitCopyGroup(b);
  }
  auto emitTile = [&](Int tile) {
    const Sums sums = emitSteps(emitter, [&](Int step, ValueRange before) {
      const Int current = tile * plan.steps() + step, next = current + (stages - 1);
      nvgpu::DeviceAsyncWaitOp::create(b, group, b.getI32IntegerAttr(int32_t(stages - 2)));
      gpu::BarrierOp::create(b);
      auto more = scf::IfOp::create(b, next < total, /*withElseRegion=*/false);
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(more.thenBlock());
        copy.fetch(next, next % stages);
      }
      // An empty group where nothing is copied keeps the count of groups the same in every step.
      emitCopyGroup(b);
      return multiplyStep(emitter, step, current % stages, before);
    });
    storeResult(emitter, emitter.firstOutput + tile * plan.tile.n, sums);
  };
  if (plan.sweep == 1)
    return emitTile(emitter.constant(0));
  auto loop = scf::ForOp::create(b, emitter.constant(0).value(), emitter.constant(plan.sweep).value(),
                                 emitter.constant(1).value());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  emitTile(Int(b, loop.getInductionVar()));
}

/// Two stages: the next step's values are loaded before this step's products and stored after them.
void emitThroughRegisters(ProductEmitter &emitter, StepCopy &copy) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t steps = emitter.plan.steps();
  copy.store(copy.fetch(emitter.constant(0), emitter.constant(0)), emitter.constant(0));
  const Sums sums = emitSteps(emitter, [&](Int step, ValueRange before) {
    gpu::BarrierOp::create(b);
    // The last step loads itself again, into the stage that nobody reads any more.
    const SmallVector<Value> next = copy.fetch(min(step + 1, steps - 1), step);
    Sums after = multiplyStep(emitter, step, step % 2, before);
    copy.store(next, (step + 1) % 2);
    return after;
  });
  storeResult(emitter, emitter.firstOutput, sums);
}

} // namespace

void tensorcore::emitProduct(ProductEmitter &emitter) {
  StepCopy copy(emitter);
  if (emitter.plan.async)
    emitAsync(emitter, copy);
  else
    emitThroughRegisters(emitter, copy);
}
