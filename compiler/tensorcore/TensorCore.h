// Kernels for NVIDIA's tensor cores: from a kernel spec to PTX through MLIR's gpu, nvgpu and nvvm dialects.
// Halide compiles the other kernels of a CUDA library; this is a second lowering beside it, for products in
// f16 and tf32.
#pragma once

#include "support/DeviceKernel.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

/// Success where compileTensorCoreKernel has a kernel for `spec` on `target`, else an error that says why
/// not. It has merging (patch_conv of an NHWC input) and blocks, with activations and weights in f16 from
/// cuda-sm75 on, or f32 activations and tf32 weights from cuda-sm80 on.
llvm::Error checkTensorCoreKernel(const KernelSpec &spec, const Target &target);

/// Arguments in the order that CompiledKernel documents. Tensors are those of every other kernel. Weights lie
/// in panels of 8 outputs by 16 bytes of inputs, so that eight rows of a matrix that ldmatrix reads are 128
/// bytes on end; biases are f32.
std::vector<KernelArgument> tensorCoreArguments(const KernelSpec &spec);

/// Parameters as text, such as "product=64x64x32,warps=4,stages=3": the defaults for `spec` on `target`, with
/// the members that `overrides` names replaced. An error names what the kernel cannot run with.
llvm::Expected<std::string> tensorCoreParameters(const KernelSpec &spec, const Target &target,
                                                 llvm::StringRef overrides);

/// Products accumulate in f32; tensors between launches have the activations' type.
llvm::Expected<DeviceKernel> compileTensorCoreKernel(const KernelSpec &spec, const Target &target,
                                                     llvm::StringRef overrides);

} // namespace fasternet
