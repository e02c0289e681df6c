#include "kernels/Affine.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::AffineKernel::AffineKernel(const KernelSpec &spec) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  scale = constantBuffer(layouts[1], "scale");
  bias = constantBuffer(layouts[2], "bias");
  scaled(c, x, y, n) = input(c, x, y, n) * scale(c) + bias(c);
  output(x, y, c, n) = scaled(c, x, y, n);
  fixOutput(output, layouts[3]);
}
