// Scale and bias per channel, from NHWC to the NCHW of a feature output.
#pragma once

#include "support/KernelSpec.h"

#include <Halide.h>

namespace fasternet {

/// output(x, y, c, n) = scaled(c, x, y, n) = input(c, x, y, n) * scale(c) + bias(c), in f32.
struct AffineKernel {
  explicit AffineKernel(const KernelSpec &spec);

  Halide::ImageParam input, scale, bias;
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
  Halide::Func scaled{"scaled"}, output{"output"};

  std::vector<Halide::Argument> arguments() const { return {input, scale, bias}; }
};

} // namespace fasternet
