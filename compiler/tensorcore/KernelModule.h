// All launches of a kernel as one gpu.module: what is lowered to PTX, and what the emulation runs.
#pragma once

#include "support/DeviceKernel.h"
#include "targets/Targets.h"
#include "tensorcore/Product.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>

namespace fasternet::tensorcore {

struct KernelModule {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< verified; holds one gpu.module
  std::vector<DeviceLaunch> launches;
  std::vector<Buffer> buffers; ///< arguments, then intermediates
  int64_t arguments = 0;
  std::string parameters; ///< that were used, as text
};

/// An error names what cannot be compiled, or what the kernel cannot run with.
llvm::Expected<KernelModule> buildKernelModule(const KernelSpec &spec, const Target &target,
                                               llvm::StringRef overrides);

} // namespace fasternet::tensorcore
