// The activations of a kernel under construction.
#pragma once

#include "support/KernelSpec.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace fasternet::tensorcore {

/// `value`: floats, or vectors of them.
mlir::Value emitActivation(mlir::ImplicitLocOpBuilder &builder, Activation activation, mlir::Value value);

} // namespace fasternet::tensorcore
