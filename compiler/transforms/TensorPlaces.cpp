#include "transforms/TensorPlaces.h"

using namespace mlir;
using namespace fasternet;

static FailureOr<TensorPlace> placeOf(func::FuncOp function, ir::CallOp call, Value tensor) {
  if (tensor == function.getArgument(0))
    return TensorPlace{abi::CudaBase::Input, 0, 0};
  auto results = cast<func::ReturnOp>(function.front().getTerminator()).getOperands();
  if (auto result = llvm::find(results, tensor); result != results.end())
    return TensorPlace{abi::CudaBase::Output, result - results.begin(), 0};
  if (auto weight = tensor.getDefiningOp<ir::PackedWeightOp>())
    return TensorPlace{abi::CudaBase::Weights, 0, int64_t(weight.getOffset())};
  if (auto producer = tensor.getDefiningOp<ir::CallOp>(); producer && producer.getSlot())
    return TensorPlace{abi::CudaBase::Arena, 0, int64_t(*producer.getSlot())};
  return call.emitError("a tensor of it has no place: pack-weights and plan-memory must run first");
}

FailureOr<SmallVector<TensorPlace>> fasternet::tensorPlaces(func::FuncOp function, ir::CallOp call) {
  SmallVector<TensorPlace> places;
  SmallVector<Value> tensors = llvm::to_vector(call.getInputs());
  tensors.push_back(call.getResult());
  for (Value tensor : tensors) {
    FailureOr<TensorPlace> place = placeOf(function, call, tensor);
    if (failed(place))
      return failure();
    places.push_back(*place);
  }
  return places;
}
