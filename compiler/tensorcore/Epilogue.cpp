// From accumulators to the result: bias, activation, residual, rounding. A lane holds two neighbouring
// columns of rows lane / 4 and lane / 4 + 8 of each tile of 16 x 8.
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "tensorcore/EmitActivation.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

namespace {

class Epilogue {
public:
  explicit Epilogue(ProductEmitter &emitter)
      : emitter(emitter), b(emitter.builder), product(emitter.plan.product),
        pair(VectorType::get({2}, b.getF32Type())) {}
  void store(Int firstOutput, ValueRange accumulators);

private:
  ProductEmitter &emitter;
  ImplicitLocOpBuilder &b;
  const Product &product;
  const VectorType pair;

  /// Places of one pixel in the buffers that the epilogue touches; of a resident result its row in the tile.
  struct Places {
    Int result, residual, pass;
  };

  void storePair(Value sum, const Places &places, Int column);
  Value loadPair(const PixelBuffer &values, Int pixelPlace, Int column);
  Value passed(Value value, Int pixelPlace, Int column);
  void writePair(Value value, Int pixelPlace, Int column);
  void writeResident(Value value, Int row, Int column);
  Value loadElement(Value memref, Int place);
  Value roundedPair(Value value);
  void where(Value condition, llvm::function_ref<void()> body);
  /// Whether both columns of a pair lie in one aligned word of the buffer.
  static bool isPaired(const PixelBuffer &values) {
    return values.offset % 2 == 0 && values.strides.image % 2 == 0 && values.strides.row % 2 == 0 &&
           values.strides.pixel % 2 == 0;
  }
};

/// `body` under `condition`; a null condition always holds.
void Epilogue::where(Value condition, llvm::function_ref<void()> body) {
  if (!condition)
    return body();
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

Value Epilogue::loadElement(Value memref, Int place) {
  const Value element = memref::LoadOp::create(b, memref, place.index());
  return element.getType().isF32() ? element : Value(arith::ExtFOp::create(b, b.getF32Type(), element));
}

/// Columns `column` and `column + 1`, as f32; beyond the last column the last one.
Value Epilogue::loadPair(const PixelBuffer &values, Int pixelPlace, Int column) {
  const Value memref = emitter.buffers.at(values.buffer);
  if (isPaired(values) && product.columns % 2 == 0) {
    const Value loaded = vector::LoadOp::create(
        b, VectorType::get({2}, emitter.elementType()), memref, (pixelPlace + column).index(),
        /*nontemporal=*/false, llvm::Align(2 * elementBytes(product.type)));
    return loaded.getType() == pair ? loaded : Value(arith::ExtFOp::create(b, pair, loaded));
  }
  SmallVector<Value> elements;
  for (int64_t i : {0, 1})
    elements.push_back(loadElement(memref, pixelPlace + min(column + i, product.columns - 1)));
  return vector::FromElementsOp::create(b, pair, elements);
}

/// `value`, where columns are products; the channels that pass by, where they are.
Value Epilogue::passed(Value value, Int pixelPlace, Int column) {
  const Value memref = emitter.buffers.at(product.pass.buffer);
  for (int64_t i : {0, 1}) {
    // Unsigned: columns below `outputs` wrap around.
    const Value passes = (column + i - product.outputs) < product.passEnd - product.outputs;
    const Value product = vector::ExtractOp::create(b, value, i);
    const Value channel = loadElement(memref, pixelPlace + min(column + i, this->product.passEnd - 1));
    const Value chosen = arith::SelectOp::create(b, passes, channel, product);
    value = vector::InsertOp::create(b, chosen, value, i);
  }
  return value;
}

Value Epilogue::roundedPair(Value value) {
  for (int64_t i : {0, 1}) {
    const Value bits =
        NVVM::ConvertFloatToTF32Op::create(b, b.getI32Type(), vector::ExtractOp::create(b, value, i),
                                           NVVM::FPRoundingMode::RNA, NVVM::SaturationMode::NONE,
                                           /*relu=*/false);
    value = vector::InsertOp::create(b, arith::BitcastOp::create(b, b.getF32Type(), bits), value, i);
  }
  return value;
}

void Epilogue::writePair(Value value, Int pixelPlace, Int column) {
  const Value memref = emitter.buffers.at(product.result.buffer);
  if (isPaired(product.result) && product.columns % 2 == 0) {
    vector::StoreOp::create(b, value, memref, (pixelPlace + column).index(), /*nontemporal=*/false,
                            llvm::Align(2 * elementBytes(product.type)));
    return;
  }
  for (int64_t i : {0, 1})
    where(i == 0 ? Value() : column + i < product.columns, [&] {
      memref::StoreOp::create(b, vector::ExtractOp::create(b, value, i), memref,
                              (pixelPlace + column + i).index());
    });
}

/// Both columns lie in one slice, since columns come in pairs.
void Epilogue::writeResident(Value value, Int row, Int column) {
  const int64_t slice = emitter.plan.slice();
  const Int place = (column / slice * residentPitch(emitter.plan.tile.m) + row) * slice + column % slice;
  vector::StoreOp::create(b, value, emitter.buffers.at(product.result.buffer), place.index(),
                          /*nontemporal=*/false, llvm::Align(2 * elementBytes(product.type)));
}

void Epilogue::storePair(Value sum, const Places &places, Int column) {
  Value value = sum;
  if (product.bias >= 0) {
    const Value bias = vector::LoadOp::create(b, pair, emitter.buffers.at(product.bias), column.index(),
                                              /*nontemporal=*/false, llvm::Align(8));
    value = arith::AddFOp::create(b, value, bias);
  }
  value = emitActivation(b, product.activation, value);
  if (product.hasResidual)
    value = arith::AddFOp::create(b, value, loadPair(product.residual, places.residual, column));
  if (product.passEnd > product.outputs)
    value = passed(value, places.pass, column);
  if (product.roundResult)
    value = roundedPair(value);
  if (product.type == ElementType::F16)
    value = arith::TruncFOp::create(b, VectorType::get({2}, b.getF16Type()), value);
  if (product.resultIsResident)
    writeResident(value, places.result, column);
  else
    writePair(value, places.result, column);
}

void Epilogue::store(Int firstOutput, ValueRange accumulators) {
  const ProductPlan &plan = emitter.plan;
  const bool wholeRows = product.pixels() % plan.tile.m == 0 || product.resultIsResident,
             wholeColumns = product.columns % plan.tile.n == 0;
  const Int firstColumn = firstOutput + emitter.warpColumn * plan.grid.n + emitter.lane % 4 * 2;
  for (int64_t rowTile = 0; rowTile < plan.rowTiles(); ++rowTile)
    for (int64_t half : {0, 1}) {
      const Int row = emitter.warpRow * plan.grid.m + emitter.lane / 4 + (rowTile * 16 + half * 8);
      Int pixel = emitter.firstPixel + row;
      if (product.resultIsResident)
        pixel = min(pixel, product.pixels() - 1);
      where(wholeRows ? Value() : pixel < product.pixels(), [&] {
        const Places places{product.resultIsResident ? row : emitter.placeOf(pixel, product.result),
                            product.hasResidual ? emitter.placeOf(pixel, product.residual) : row,
                            product.passEnd > product.outputs ? emitter.placeOf(pixel, product.pass) : row};
        for (int64_t tile = 0; tile < plan.columnTiles(); ++tile) {
          const Int column = firstColumn + tile * 8;
          where(wholeColumns ? Value() : column < product.columns, [&] {
            const Value sum = accumulators[rowTile * plan.columnTiles() + tile];
            storePair(vector::ExtractOp::create(b, sum, half), places, column);
          });
        }
      });
    }
}

} // namespace

void tensorcore::storeResult(ProductEmitter &emitter, Int firstOutput, ValueRange accumulators) {
  Epilogue(emitter).store(firstOutput, accumulators);
}
