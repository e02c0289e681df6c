// The emulation of a module that is built already: tests spoil one and see that it is noticed.
#pragma once

#include "tensorcore/KernelModule.h"

namespace fasternet::tensorcore {

/// As emulateTensorCoreKernel.
llvm::Error runKernelModule(const KernelModule &kernel, const KernelSpec &spec,
                            llvm::MutableArrayRef<std::vector<uint8_t>> arguments);

} // namespace fasternet::tensorcore
