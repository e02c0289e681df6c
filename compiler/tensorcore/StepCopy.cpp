// From global to shared memory, 16 bytes per thread and turn. Consecutive threads take consecutive slices, so
// that a warp reads whole sectors: of a pixel's channels, and of a panel's weights, which lie on end.
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

StepCopy::StepCopy(ProductEmitter &emitter) : emitter(emitter) {
  const ProductPlan &plan = emitter.plan;
  const Product &product = plan.product;
  const int64_t threads = plan.threads(), slices = plan.stepSlices(), slice = plan.slice();

  const int64_t leftSlices = product.leftIsResident ? 0 : plan.tile.m * slices;
  for (int64_t first = 0; first < leftSlices; first += threads) {
    const Int row = emitter.thread / slices + first / slices, column = emitter.thread % slices;
    Part part{column, (column * plan.leftPitch() + row) * slice, {}, nullptr};
    if (first + threads > leftSlices)
      part.inside = emitter.thread < leftSlices - first;
    // Pixels beyond the last are computed from the last and not stored.
    const Int pixel = min(emitter.firstPixel + row, product.pixels() - 1);
    for (const Segment &segment : product.left)
      part.places.push_back(emitter.placeOf(pixel, segment.values));
    leftParts.push_back(part);
  }

  const int64_t rightSlices = plan.tile.n * slices, matrix = slices * panelOutputs;
  for (int64_t first = 0; first < rightSlices; first += threads) {
    const Int number = emitter.thread + first;
    Part part{
        number / panelOutputs % slices, number * slice, {number / matrix, number % panelOutputs}, nullptr};
    if (first + threads > rightSlices)
      part.inside = number < rightSlices;
    rightParts.push_back(part);
  }
}

Value StepCopy::zeroSlice() {
  auto type = VectorType::get({emitter.plan.slice()}, emitter.elementType());
  return arith::ConstantOp::create(emitter.builder, type, emitter.builder.getZeroAttr(type));
}

/// `body` where `condition` holds; its value, or zeros elsewhere. A null condition always holds; copies have
/// no value.
static Value emitWhere(ProductEmitter &emitter, Value condition, Value otherwise,
                       llvm::function_ref<Value()> body) {
  if (!condition)
    return body();
  ImplicitLocOpBuilder &b = emitter.builder;
  SmallVector<Type> types;
  if (otherwise)
    types.push_back(otherwise.getType());
  auto branch = scf::IfOp::create(b, types, condition, /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  const Value value = body();
  if (!otherwise)
    return nullptr;
  scf::YieldOp::create(b, value);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  return branch.getResult(0);
}

/// A slice from `place`, or zeros where it does not exist: null means that all do.
Value StepCopy::move(Value source, Int place, Value exists, Value shared, Int target) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t slice = emitter.plan.slice();
  if (emitter.plan.async) {
    Value elements;
    if (exists)
      elements = select(exists, Int(b, slice), Int(b, 0)).index();
    nvgpu::DeviceAsyncCopyOp::create(b, nvgpu::DeviceAsyncTokenType::get(b.getContext()), shared,
                                     target.index(), source, place.index(), b.getIndexAttr(slice), elements,
                                     b.getUnitAttr());
    return nullptr;
  }
  return emitWhere(emitter, exists, exists ? zeroSlice() : nullptr, [&]() -> Value {
    auto type = VectorType::get({slice}, emitter.elementType());
    return vector::LoadOp::create(b, type, source, place.index(), /*nontemporal=*/false,
                                  llvm::Align(sliceBytes));
  });
}

/// A slice whose place is no multiple of 16 bytes, element by element. Beyond the channels the last one is
/// read again: weights are zero there.
Value StepCopy::gather(Value source, Int place, Int firstChannel, int64_t channels) {
  ImplicitLocOpBuilder &b = emitter.builder;
  SmallVector<Value> elements;
  for (int64_t e = 0; e < emitter.plan.slice(); ++e)
    elements.push_back(
        memref::LoadOp::create(b, source, (place + min(firstChannel + e, channels - 1)).index()));
  return vector::FromElementsOp::create(b, VectorType::get({emitter.plan.slice()}, emitter.elementType()),
                                        elements);
}

Value StepCopy::fetchSegment(const Part &part, size_t number, Int slice, Value exists, Int target) {
  const Segment &segment = emitter.plan.product.left[number];
  Int place = part.places[number], channelSlice = slice;
  if (segment.window > 1) {
    const Int tap = slice / segment.slices;
    channelSlice = slice % segment.slices;
    place = place + tap / segment.window * segment.tapRow + tap % segment.window * segment.tapPixel;
  }
  const Int channel = channelSlice * emitter.plan.slice();
  const Value source = emitter.buffers.at(segment.values.buffer);
  if (!emitter.plan.product.leftIsAligned())
    return gather(source, place, channel, segment.channels);
  return move(source, place + channel, exists, emitter.left, target);
}

Value StepCopy::fetchLeft(const Part &part, Int step, Int stage) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const ProductPlan &plan = emitter.plan;
  const Product &product = plan.product;
  const Int target = stage * plan.leftStage() + part.sharedPlace;
  Int slice = step * plan.stepSlices() + part.slice;
  Value exists;
  if (product.slices() % plan.stepSlices()) {
    exists = slice < product.slices();
    slice = min(slice, product.slices() - 1);
  }
  return emitWhere(emitter, part.inside, plan.async ? nullptr : zeroSlice(), [&]() -> Value {
    if (product.left.size() == 1)
      return fetchSegment(part, 0, slice, exists, target);
    assert(product.left.size() == 2 && "a product has one or two segments");
    const int64_t boundary = product.left[0].totalSlices();
    SmallVector<Type> types;
    if (!plan.async)
      types.push_back(zeroSlice().getType());
    auto branch = scf::IfOp::create(b, types, slice < boundary, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    for (size_t number : {0, 1}) {
      b.setInsertionPointToStart(number == 0 ? branch.thenBlock() : branch.elseBlock());
      const Value value = fetchSegment(part, number, number == 0 ? slice : slice - boundary, exists, target);
      if (!plan.async)
        scf::YieldOp::create(b, value);
    }
    return plan.async ? Value() : branch.getResult(0);
  });
}

Value StepCopy::fetchRight(const Part &part, Int panel, Int step, Int stage) {
  const ProductPlan &plan = emitter.plan;
  const Int target = stage * plan.rightStage() + part.sharedPlace;
  Int slice = step * plan.stepSlices() + part.slice;
  Value exists;
  if (plan.product.slices() % plan.stepSlices()) {
    exists = slice < plan.product.slices();
    slice = min(slice, plan.product.slices() - 1);
  }
  return emitWhere(emitter, part.inside, plan.async ? nullptr : zeroSlice(), [&]() -> Value {
    const Int row = min(panel + part.places[0], plan.product.panels() - 1) * plan.product.slices() + slice;
    const Int place = (row * panelOutputs + part.places[1]) * plan.slice();
    return move(emitter.buffers.at(plan.product.weights), place, exists, emitter.right, target);
  });
}

SmallVector<Value> StepCopy::fetch(Int step, Int stage) {
  const ProductPlan &plan = emitter.plan;
  Int panel = emitter.firstOutput / panelOutputs;
  if (plan.sweep > 1) {
    panel = panel + step / plan.steps() * (plan.tile.n / panelOutputs);
    step = step % plan.steps();
  }
  SmallVector<Value> values;
  for (const Part &part : leftParts)
    values.push_back(fetchLeft(part, step, stage));
  for (const Part &part : rightParts)
    values.push_back(fetchRight(part, panel, step, stage));
  return values;
}

void StepCopy::store(ValueRange values, Int stage) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const size_t count = leftParts.size();
  auto storePart = [&](const Part &part, Value value, Value shared, int64_t stageElements) {
    emitWhere(emitter, part.inside, nullptr, [&]() -> Value {
      vector::StoreOp::create(b, value, shared, (stage * stageElements + part.sharedPlace).index(),
                              /*nontemporal=*/false, llvm::Align(sliceBytes));
      return nullptr;
    });
  };
  for (auto [part, value] : llvm::zip_equal(leftParts, values.take_front(count)))
    storePart(part, value, emitter.left, emitter.plan.leftStage());
  for (auto [part, value] : llvm::zip_equal(rightParts, values.drop_front(count)))
    storePart(part, value, emitter.right, emitter.plan.rightStage());
}
