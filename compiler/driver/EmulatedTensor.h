// The memory of a kernel's tensors as values, whatever their element type.
#pragma once

#include "support/CompiledKernel.h"

#include "llvm/ADT/ArrayRef.h"

namespace fasternet {

/// All values of an argument's tensor, border and padding included, widened to f32.
std::vector<float> readTensor(const KernelArgument &argument, const uint8_t *tensor);

/// Writes a kernel's values, in the order of the argument's dimensions, innermost first; rounded to its type.
void writeInterior(const KernelArgument &argument, llvm::ArrayRef<float> values, uint8_t *tensor);

} // namespace fasternet
