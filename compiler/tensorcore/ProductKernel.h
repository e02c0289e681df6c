// The device functions of a kernel, in the gpu dialect: one product each, or a whole block fused.
#pragma once

#include "support/DeviceKernel.h"
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace fasternet::tensorcore {

/// Both add function `name` to `module` and tell how it is launched. Its arguments are memrefs of the buffers
/// that it uses, of one dimension.
DeviceLaunch emitProductKernel(mlir::gpu::GPUModuleOp module, llvm::StringRef name, const ProductPlan &plan,
                               llvm::ArrayRef<Buffer> buffers);
/// `plans`: of fusedProductsOf.
DeviceLaunch emitFusedKernel(mlir::gpu::GPUModuleOp module, llvm::StringRef name,
                             llvm::ArrayRef<ProductPlan> plans, llvm::ArrayRef<Buffer> buffers);

} // namespace fasternet::tensorcore
