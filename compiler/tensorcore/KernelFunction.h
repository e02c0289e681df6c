// The frame of a device function: its arguments, its shared memory, its threads' numbers.
#pragma once

#include "support/DeviceKernel.h"
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

#include <set>

namespace fasternet::tensorcore {

/// The buffers in global memory that the product touches.
std::set<int64_t> globalBuffers(const Product &product);

class KernelFunction {
public:
  /// Starts function `name` at the end of `module`; `builder` then stands in its body. `shared`: elements of
  /// each piece of shared memory, of the products' type.
  KernelFunction(mlir::gpu::GPUModuleOp module, llvm::StringRef name, const ProductPlan &plan,
                 const std::set<int64_t> &used, llvm::ArrayRef<Buffer> buffers,
                 llvm::ArrayRef<int64_t> shared);

  mlir::ImplicitLocOpBuilder builder;
  DeviceLaunch launch; ///< the grid is left to the caller
  mlir::Value shared(int64_t piece) { return function.getWorkgroupAttributions()[piece]; }
  /// For one of the function's products; the first two pieces of shared memory are its stages.
  ProductEmitter emitterFor(const ProductPlan &plan);
  /// Ends the body.
  void finish() { mlir::gpu::ReturnOp::create(builder); }

private:
  mlir::gpu::GPUFuncOp function;
};

} // namespace fasternet::tensorcore
