// The buffer arguments of each kernel kind as plain data: shapes, strides, packed layouts. Names no Halide.
#pragma once

#include "support/CompiledKernel.h"

#include <vector>

namespace fasternet {

/// Arguments in the order that CompiledKernel documents. Dimensions, innermost first:
///   NHWC input:   channel, x, y, image; x and y from -1 (the border) to the extent of the image
///   NHWC output:  channel, x, y, image; the interior alone, since a kernel never writes a border
///   NCHW tensor:  x, y, channel, image
///   values (the head's output): value, image
///   weight:       lane, input, kernel x, kernel y, panel
///   bias, scale:  channel, padded to whole panels
std::vector<KernelArgument> kernelArguments(const KernelSpec &spec);

} // namespace fasternet
