// The operations of the dialect, with its attributes and enumerations.
#pragma once

#include "dialect/FasternetAttributes.h"
#include "dialect/FasternetDialect.h"
#include "support/KernelSpec.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/FasternetOps.h.inc"

namespace fasternet::ir {

/// The same activation in the vocabulary of support/.
inline Activation toSupport(ActivationKind kind) {
  return Activation(kind);
}
inline ActivationKind fromSupport(Activation activation) {
  return ActivationKind(activation);
}
static_assert(int(Activation::None) == int(ActivationKind::None) &&
              int(Activation::Relu) == int(ActivationKind::Relu) &&
              int(Activation::Gelu) == int(ActivationKind::Gelu));

/// An element type as a type of the IR, and back.
inline mlir::FloatType toType(mlir::MLIRContext *context, ElementType type) {
  switch (type) {
  case ElementType::F32:
    return mlir::Float32Type::get(context);
  case ElementType::F16:
    return mlir::Float16Type::get(context);
  case ElementType::BF16:
    return mlir::BFloat16Type::get(context);
  case ElementType::TF32:
    return mlir::FloatTF32Type::get(context);
  }
  llvm_unreachable("covered switch");
}
inline ElementType fromType(mlir::Type type) {
  return type.isF16()    ? ElementType::F16
         : type.isBF16() ? ElementType::BF16
         : type.isTF32() ? ElementType::TF32
                         : ElementType::F32;
}

} // namespace fasternet::ir
