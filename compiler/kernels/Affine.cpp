#include "kernels/Affine.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::AffineKernel::AffineKernel(const KernelSpec &spec) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  scale = constantBuffer(layouts[1], "scale");
  bias = constantBuffer(layouts[2], "bias");
  scaled(c, x, y, n) = cast<float>(input(c, x, y, n)) * cast<float>(scale(c)) + cast<float>(bias(c));
  output(x, y, c, n) = scaled(c, x, y, n);
  fixOutput(output, layouts[3]);
}
