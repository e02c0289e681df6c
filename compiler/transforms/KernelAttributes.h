// Between the plain data of code generation (CompiledKernel.h) and the attributes of fasternet.kernel.
#pragma once

#include "dialect/FasternetOps.h"
#include "support/CompiledKernel.h"
#include "support/DeviceKernel.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace fasternet {

/// Sets `arguments` and `variants` of the kernel, best variant first as given. An error, and nothing set, if
/// there is no variant, if one was compiled from another spec than the kernel's, or if two differ in their
/// arguments.
llvm::Error attachCompiled(ir::KernelOp kernel, llvm::ArrayRef<CompiledKernel> variants);
/// The same for GPUs.
llvm::Error attachCompiled(ir::KernelOp kernel, llvm::ArrayRef<DeviceKernel> variants);

ir::ArgumentAttr toAttribute(mlir::MLIRContext *context, const KernelArgument &argument);
KernelArgument fromAttribute(ir::ArgumentAttr attribute);
PackedLayout fromAttribute(ir::PackedAttr attribute);

/// The kernel's attached arguments; none if nothing was attached (kernels always have arguments).
std::vector<KernelArgument> attachedArguments(ir::KernelOp kernel);

} // namespace fasternet
