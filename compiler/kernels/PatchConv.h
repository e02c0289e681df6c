// Patch embedding and merging: a convolution without padding, plus bias.
#pragma once

#include "kernels/ProductSum.h"

#include <Halide.h>

namespace fasternet {

/// output(c, x, y, n) = sum(c, x, y, n), which accumulates onto the bias.
struct PatchConvKernel {
  /// `granule`: see PackedAccess. `pieces` of the channels of a window: see Terms.
  PatchConvKernel(const KernelSpec &spec, int64_t granule, int64_t pieces = 1);

  Halide::ImageParam input, weight, bias;
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
  Halide::Var i{"i"}, tapColumn{"tap_column"}, tapRow{"tap_row"};
  Halide::Func rounded{"rounded"}; ///< the model's input as the kernel computes with it, in the input's order
  Halide::Func pixel{"pixel"}; ///< (i, tapColumn, tapRow, x, y, n): the input under one tap of a window
  ProductSum sum; ///< over input channel, kernel x, kernel y
  Halide::Func output{"output"};

  std::vector<Halide::Argument> arguments() const { return {input, weight, bias}; }
};

} // namespace fasternet
