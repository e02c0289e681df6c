// 32-bit integers of a kernel under construction, so that index arithmetic reads as arithmetic.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace fasternet::tensorcore {

/// A value of type i32. Operators emit arith ops at the builder's insertion point, or fold constants; all
/// values are unsigned and below 2^31, which checkTensorCoreKernel sees to.
class Int {
public:
  Int(mlir::ImplicitLocOpBuilder &builder, mlir::Value value) : builder(&builder), held(value) {}
  Int(mlir::ImplicitLocOpBuilder &builder, int64_t constant)
      : builder(&builder), held(mlir::arith::ConstantIntOp::create(builder, constant, 32)) {}
  static Int fromIndex(mlir::ImplicitLocOpBuilder &builder, mlir::Value index) {
    return {builder, builder.createOrFold<mlir::arith::IndexCastUIOp>(builder.getI32Type(), index)};
  }

  mlir::Value value() const { return held; }
  /// As an index into a memref.
  mlir::Value index() const {
    return builder->createOrFold<mlir::arith::IndexCastUIOp>(builder->getIndexType(), held);
  }

  friend Int operator+(Int a, Int b) { return a.apply<mlir::arith::AddIOp>(b); }
  friend Int operator-(Int a, Int b) { return a.apply<mlir::arith::SubIOp>(b); }
  friend Int operator*(Int a, Int b) { return a.apply<mlir::arith::MulIOp>(b); }
  friend Int operator/(Int a, Int b) { return a.apply<mlir::arith::DivUIOp>(b); }
  friend Int operator%(Int a, Int b) { return a.apply<mlir::arith::RemUIOp>(b); }
  friend Int operator+(Int a, int64_t b) { return b == 0 ? a : a + a.constant(b); }
  friend Int operator-(Int a, int64_t b) { return b == 0 ? a : a - a.constant(b); }
  friend Int operator*(Int a, int64_t b) { return b == 1 ? a : a * a.constant(b); }
  friend Int operator/(Int a, int64_t b) { return b == 1 ? a : a / a.constant(b); }
  friend Int operator%(Int a, int64_t b) { return b == 1 ? a.constant(0) : a % a.constant(b); }

  /// Conditions are values of type i1.
  friend mlir::Value operator<(Int a, Int b) {
    return a.builder->createOrFold<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::ult, a.held, b.held);
  }
  friend mlir::Value operator<(Int a, int64_t b) { return a < a.constant(b); }
  friend Int min(Int a, int64_t b) { return select(a < b, a, a.constant(b)); }
  friend Int select(mlir::Value condition, Int a, Int b) {
    return {*a.builder, a.builder->createOrFold<mlir::arith::SelectOp>(condition, a.held, b.held)};
  }

private:
  mlir::ImplicitLocOpBuilder *builder;
  mlir::Value held;

  Int constant(int64_t value) const { return {*builder, value}; }
  template <typename Op> Int apply(Int other) const {
    return {*builder, builder->createOrFold<Op>(held, other.held)};
  }
};

} // namespace fasternet::tensorcore
