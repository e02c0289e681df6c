// The device function of one product, in the gpu dialect.
#pragma once

#include "support/DeviceKernel.h"
#include "tensorcore/ProductEmitter.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace fasternet::tensorcore {

/// Adds function `name` to `module` and tells how it is launched. Its arguments are memrefs of the buffers
/// that it uses, of one dimension.
DeviceLaunch emitProductKernel(mlir::gpu::GPUModuleOp module, llvm::StringRef name, const ProductPlan &plan,
                               llvm::ArrayRef<Buffer> buffers);

} // namespace fasternet::tensorcore
