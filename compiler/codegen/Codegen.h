// Kernel spec and schedule to object code, through Halide. The header names no Halide; the implementation is
// the one place that catches Halide's exceptions.
#pragma once

#include "support/CompiledKernel.h"
#include "support/DeviceKernel.h"
#include "support/KernelListing.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

namespace fasternet {

/// Compiles `spec` for `target` with the default schedule of the kernel for that target. `symbol` becomes the
/// global function's name (a C identifier). Deterministic: same arguments, same bytes. May be called from
/// several threads. `overrides` replaces members of the default schedule, such as "vector=8,second=3x7x1";
/// `origin` says in listings where they came from.
/// What Halide refuses is returned as an error that names the kernel and the target.
llvm::Expected<CompiledKernel> compileKernel(const KernelSpec &spec, const Target &target,
                                             llvm::StringRef symbol, llvm::StringRef overrides = "",
                                             llvm::StringRef origin = "");

/// The same for a GPU: device code and launches.
llvm::Expected<DeviceKernel> compileDeviceKernel(const KernelSpec &spec, const Target &target,
                                                 llvm::StringRef overrides = "", llvm::StringRef origin = "");

/// What compileKernel would make of the same arguments, as assembly text with the counts of its loops.
llvm::Expected<KernelListing> listKernel(const KernelSpec &spec, const Target &target,
                                         llvm::StringRef overrides = "");

} // namespace fasternet
