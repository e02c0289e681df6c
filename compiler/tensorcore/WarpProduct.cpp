// One step of the reduction in a warp: fragments by ldmatrix, products by mma.sync. A fragment of eight
// halves or four floats per lane is the same four matrices of eight 16-byte slices, so both types share this
// code.
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

namespace {

/// Of 32-bit registers, which hold two halves or one float.
VectorType registers(ProductEmitter &emitter, int64_t count) {
  return VectorType::get({count, 4 / elementBytes(emitter.plan.product.type)}, emitter.elementType());
}

Value loadMatrices(ProductEmitter &emitter, Value shared, Int place, int64_t count) {
  ImplicitLocOpBuilder &b = emitter.builder;
  return nvgpu::LdMatrixOp::create(b, registers(emitter, count), shared, place.index(), /*transpose=*/false,
                                   uint32_t(count));
}

/// Registers `first` to `first + count` of a fragment.
Value registersOf(ProductEmitter &emitter, Value fragment, int64_t first, int64_t count) {
  if (count == cast<VectorType>(fragment.getType()).getDimSize(0))
    return fragment;
  ImplicitLocOpBuilder &b = emitter.builder;
  const VectorType type = registers(emitter, count);
  Value part = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
  for (int64_t i = 0; i < count; ++i)
    part = vector::InsertOp::create(b, vector::ExtractOp::create(b, fragment, first + i), part, i);
  return part;
}

/// Floats as tf32: mma.sync ignores the bits that are too many, which would round towards zero.
Value rounded(ProductEmitter &emitter, Value fragment) {
  ImplicitLocOpBuilder &b = emitter.builder;
  for (int64_t i = 0; i < cast<VectorType>(fragment.getType()).getDimSize(0); ++i) {
    const Value value = vector::ExtractOp::create(b, fragment, ArrayRef<int64_t>{i, 0});
    const Value bits = NVVM::ConvertFloatToTF32Op::create(b, b.getI32Type(), value, NVVM::FPRoundingMode::RNA,
                                                          NVVM::SaturationMode::NONE, /*relu=*/false);
    fragment = vector::InsertOp::create(b, arith::BitcastOp::create(b, b.getF32Type(), bits), fragment,
                                        ArrayRef<int64_t>{i, 0});
  }
  return fragment;
}

/// 16 pixels by two slices: matrices (pixels 0-7, slice 0), (8-15, 0), (0-7, 1), (8-15, 1).
Value leftFragment(ProductEmitter &emitter, Int step, Int stage, int64_t rowTile, int64_t slice) {
  const ProductPlan &plan = emitter.plan;
  const Int matrix = emitter.lane / 8;
  const Int row = emitter.warpRow * plan.grid.m + rowTile * 16 + matrix % 2 * 8 + emitter.lane % 8;
  Value fragment;
  if (plan.product.leftIsResident) {
    const Int number = step * plan.stepSlices() + slice + matrix / 2;
    const Value resident = emitter.buffers.at(plan.product.left[0].values.buffer);
    fragment = loadMatrices(emitter, resident, (number * residentPitch(plan.tile.m) + row) * plan.slice(), 4);
  } else {
    const Int place = ((matrix / 2 + slice) * plan.leftPitch() + row) * plan.slice();
    fragment = loadMatrices(emitter, emitter.left, stage * plan.leftStage() + place, 4);
  }
  return plan.product.roundLeft ? rounded(emitter, fragment) : fragment;
}

/// `count` panels of eight outputs by two slices: matrices (panel 0, slice 0), (0, 1), (1, 0), (1, 1).
Value rightFragment(ProductEmitter &emitter, Int stage, int64_t panel, int64_t count, int64_t slice) {
  const ProductPlan &plan = emitter.plan;
  // Of the lanes of a single panel's two matrices the upper half repeats the lower one's addresses, which are
  // unused.
  const Int matrix = count == 2 ? emitter.lane / 8 : emitter.lane % 16 / 8;
  const Int row =
      (emitter.warpColumn * (plan.grid.n / 8) + panel + matrix / 2) * plan.stepSlices() + matrix % 2 + slice;
  const Int place = (row * panelOutputs + emitter.lane % 8) * plan.slice();
  return loadMatrices(emitter, emitter.right, stage * plan.rightStage() + place, 2 * count);
}

Value multiply(ProductEmitter &emitter, Value left, Value right, Value sum) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const bool tf32 = emitter.plan.product.type == ElementType::F32;
  if (!emitter.plan.shortSteps) {
    const int64_t shape[] = {16, 8, tf32 ? 8 : 16};
    return nvgpu::MmaSyncOp::create(b, left, right, sum, shape, tf32);
  }
  for (int64_t slice : {0, 1}) {
    const int64_t shape[] = {16, 8, 8};
    sum = nvgpu::MmaSyncOp::create(b, registersOf(emitter, left, 2 * slice, 2),
                                   registersOf(emitter, right, slice, 1), sum, shape, false);
  }
  return sum;
}

} // namespace

SmallVector<Value> tensorcore::multiplyStep(ProductEmitter &emitter, Int step, Int stage,
                                            ValueRange accumulators) {
  const ProductPlan &plan = emitter.plan;
  const int64_t rowTiles = plan.rowTiles(), columnTiles = plan.columnTiles();
  SmallVector<Value> sums(accumulators);
  for (int64_t slice = 0; slice < plan.stepSlices(); slice += 2) {
    SmallVector<Value> left, right;
    for (int64_t tile = 0; tile < rowTiles; ++tile)
      left.push_back(leftFragment(emitter, step, stage, tile, slice));
    for (int64_t panel = 0; panel < columnTiles; panel += 2) {
      const int64_t count = std::min<int64_t>(2, columnTiles - panel);
      const Value fragment = rightFragment(emitter, stage, panel, count, slice);
      for (int64_t i = 0; i < count; ++i)
        right.push_back(registersOf(emitter, fragment, 2 * i, 2));
    }
    for (int64_t row = 0; row < rowTiles; ++row)
      for (int64_t column = 0; column < columnTiles; ++column) {
        Value &sum = sums[row * columnTiles + column];
        sum = multiply(emitter, left[row], right[column], sum);
      }
  }
  return sums;
}
