// Where the tensors of calls lie, once weights are packed and memory is planned.
#pragma once

#include "dialect/FasternetOps.h"
#include "support/RuntimeAbi.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace fasternet {

/// Bytes from a base; inputs and outputs are counted.
struct TensorPlace {
  abi::CudaBase base = abi::CudaBase::Arena;
  int64_t index = 0, offset = 0;
};

/// The places of a call's inputs and, last, its result: the arguments of its kernel. `function` is the model.
/// A tensor that has none is an error at the call.
mlir::FailureOr<llvm::SmallVector<TensorPlace>> tensorPlaces(mlir::func::FuncOp function, ir::CallOp call);

} // namespace fasternet
