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

} // namespace fasternet::ir
