// Ops that compute each thread's values from its own: arithmetic and moves inside vectors.
#include "support/HalfPrecision.h"
#include "support/TensorFloat.h"
#include "tensorcore/emulation/BlockInterpreter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <bit>
#include <cmath>

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

/// Elements before the sub-vector, or element, that `position` names.
static int64_t offsetOf(VectorType type, ArrayRef<int64_t> position) {
  int64_t offset = 0, size = type.getNumElements();
  for (auto [index, extent] : llvm::zip(position, type.getShape()))
    size /= extent, offset += index * size;
  return offset;
}

bool BlockInterpreter::runScalarOp(Operation *op) {
  // All threads, the masked ones too: what they compute is not used.
  auto eachElement = [&](auto compute) {
    const Registers a = use(op->getOperand(0));
    const Registers b = op->getNumOperands() > 1 ? use(op->getOperand(1)) : a;
    const Registers c = op->getNumOperands() > 2 ? use(op->getOperand(2)) : a;
    Registers &result = define(op->getResult(0));
    for (size_t i = 0; i < result.slots.size(); ++i)
      result.slots[i] = compute(a.slots[i], b.slots[i % b.slots.size()], c.slots[i % c.slots.size()]);
    return true;
  };
  auto integer = [](int64_t value) { return Slot{.integer = int64_t(uint32_t(value))}; };
  auto number = [](float value) { return Slot{.number = value}; };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<arith::ConstantOp>([&](arith::ConstantOp constant) {
        Registers &result = define(constant);
        auto fill = [&](size_t element, Attribute attribute) {
          for (int64_t thread = 0; thread < threads; ++thread) {
            Slot &slot = result.of(thread)[element];
            if (auto value = dyn_cast<FloatAttr>(attribute))
              slot.number = float(value.getValueAsDouble());
            else
              slot.integer = cast<IntegerAttr>(attribute).getValue().getZExtValue();
          }
        };
        if (auto elements = dyn_cast<DenseElementsAttr>(constant.getValue())) {
          for (auto [i, attribute] : llvm::enumerate(elements.getValues<Attribute>()))
            fill(i, attribute);
        } else {
          fill(0, constant.getValue());
        }
        return true;
      })
      .Case<arith::AddIOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer + b.integer); });
      })
      .Case<arith::SubIOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer - b.integer); });
      })
      .Case<arith::MulIOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer * b.integer); });
      })
      .Case<arith::DivUIOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer / b.integer); });
      })
      .Case<arith::RemUIOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer % b.integer); });
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp compare) {
        if (compare.getPredicate() != arith::CmpIPredicate::ult)
          return false;
        return eachElement([&](Slot a, Slot b, Slot) { return integer(a.integer < b.integer); });
      })
      .Case<arith::SelectOp>([&](auto) {
        return eachElement([&](Slot condition, Slot a, Slot b) { return condition.integer ? a : b; });
      })
      .Case<arith::IndexCastUIOp>([&](auto) { return eachElement([](Slot a, Slot, Slot) { return a; }); })
      .Case<arith::AddFOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return number(a.number + b.number); });
      })
      .Case<arith::SubFOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return number(a.number - b.number); });
      })
      .Case<arith::MulFOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return number(a.number * b.number); });
      })
      .Case<LLVM::MaxNumOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return number(std::fmax(a.number, b.number)); });
      })
      .Case<LLVM::MinNumOp>([&](auto) {
        return eachElement([&](Slot a, Slot b, Slot) { return number(std::fmin(a.number, b.number)); });
      })
      .Case<arith::NegFOp>(
          [&](auto) { return eachElement([&](Slot a, Slot, Slot) { return number(-a.number); }); })
      .Case<LLVM::FMAOp>([&](auto) {
        return eachElement(
            [&](Slot a, Slot b, Slot c) { return number(std::fma(a.number, b.number, c.number)); });
      })
      .Case<arith::ExtFOp>([&](auto) { return eachElement([](Slot a, Slot, Slot) { return a; }); })
      .Case<arith::TruncFOp>([&](auto) {
        return eachElement([&](Slot a, Slot, Slot) { return number(roundedToHalf(a.number)); });
      })
      .Case<NVVM::ConvertFloatToTF32Op>([&](NVVM::ConvertFloatToTF32Op) {
        return eachElement(
            [&](Slot a, Slot, Slot) { return integer(std::bit_cast<int32_t>(roundedToTf32(a.number))); });
      })
      .Case<arith::BitcastOp>([&](arith::BitcastOp cast) {
        if (!cast.getIn().getType().isInteger(32) || !cast.getType().isF32())
          return false;
        return eachElement(
            [&](Slot a, Slot, Slot) { return number(std::bit_cast<float>(uint32_t(a.integer))); });
      })
      .Case<vector::ExtractOp>([&](vector::ExtractOp extract) {
        Registers from = use(extract.getSource());
        Registers &result = define(extract.getResult());
        const int64_t offset = offsetOf(extract.getSourceVectorType(), extract.getStaticPosition());
        for (int64_t thread = 0; thread < threads; ++thread)
          std::copy_n(from.of(thread) + offset, result.elements, result.of(thread));
        return true;
      })
      .Case<vector::InsertOp>([&](vector::InsertOp insert) {
        Registers part = use(insert.getValueToStore()), whole = use(insert.getDest());
        const int64_t offset = offsetOf(insert.getDestVectorType(), insert.getStaticPosition());
        for (int64_t thread = 0; thread < threads; ++thread)
          std::copy_n(part.of(thread), part.elements, whole.of(thread) + offset);
        values[insert.getResult()] = std::move(whole);
        return true;
      })
      .Case<vector::FromElementsOp>([&](vector::FromElementsOp make) {
        SmallVector<Registers> parts;
        for (Value element : make.getElements())
          parts.push_back(use(element));
        Registers &result = define(make.getResult());
        for (int64_t thread = 0; thread < threads; ++thread)
          for (auto [i, part] : llvm::enumerate(parts))
            result.of(thread)[i] = *part.of(thread);
        return true;
      })
      .Default([](Operation *) { return false; });
}
