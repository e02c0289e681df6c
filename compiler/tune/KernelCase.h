// The data on which one kernel is checked and timed: values by a rule that the measuring program repeats, and
// the right answer in double precision.
#pragma once

#include "support/CompiledKernel.h"

#include <cstdint>
#include <vector>

namespace fasternet {

/// Value `index` of argument `argument`, in (-scale, scale), as its element type holds it: the rule of
/// runtime/harness/tune_case.h.
float madeValue(uint32_t argument, uint64_t index, float scale, ElementType type = ElementType::F32);

/// Elements of the tensor that an argument lies in, border and padding included.
int64_t tensorElements(const KernelArgument &argument);

/// Largest value of an argument: inputs up to 2; weights so that results keep the inputs' size.
float valueScale(const KernelArgument &argument);

/// The tensor of one argument: values by that rule, zero in the border and the padding; an output is all
/// zero.
std::vector<float> madeTensor(uint32_t index, const KernelArgument &argument);

/// The interior of the output in the order of the output argument's dimensions, innermost first, computed by
/// the reference's primitives.
std::vector<float> expectedOutput(const KernelSpec &spec, const std::vector<KernelArgument> &arguments);

} // namespace fasternet
