// The two lowerings to device code: tensor cores take the products of libraries in half precision and tf32,
// Halide all other kernels.
#pragma once

#include "support/DeviceKernel.h"
#include "targets/Targets.h"
#include "tune/Records.h"

namespace fasternet {

/// Whether `spec` is a product for tensor cores: a block or merging whose weights are not f32.
bool runsOnTensorCores(const KernelSpec &spec, const Target &target);

/// The best record for a kernel of any target, as Records::choose has it.
Records::Choice chooseSchedule(const Records &records, const KernelSpec &spec, const Target &target,
                               Diagnostics &diagnostics);

/// Compiles `spec` for a GPU with the schedule chosen.
llvm::Expected<DeviceKernel> compileForDevice(const KernelSpec &spec, const Target &target,
                                              const Records::Choice &schedule);

/// One call on this machine's processor. `tensors[i]` is the first byte of argument i's tensor, border
/// included; the output's interior is written. Tensor cores run in an interpreter of their instructions, all
/// other kernels through OpenCL: in f32 there, with the values of half precision.
llvm::Error emulateOnProcessor(const DeviceKernel &kernel, const Target &target,
                               llvm::ArrayRef<uint8_t *> tensors);

} // namespace fasternet
