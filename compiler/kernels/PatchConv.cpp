#include "kernels/PatchConv.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::PatchConvKernel::PatchConvKernel(const KernelSpec &spec, int64_t granule) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  weight = constantBuffer(layouts[1], "weight");
  bias = constantBuffer(layouts[2], "bias");
  const PackedAccess packed(granule);
  const int stride = int(spec.stride);
  window = RDom(0, int(spec.channels), 0, int(spec.kernel), 0, int(spec.kernel), "window");
  Expr column = x * stride + tapColumn, row = y * stride + tapRow;
  const bool isRounded = spec.inputType() != spec.computeType();
  if (isRounded)
    rounded(x, y, c, n) = cast(halideType(spec.computeType()), input(x, y, c, n));
  auto at = [&](Expr d0, Expr d1, Expr d2) {
    return isRounded ? Expr(rounded(d0, d1, d2, n)) : Expr(input(d0, d1, d2, n));
  };
  pixel(i, tapColumn, tapRow, x, y, n) =
      spec.inputLayout == TensorLayout::NCHW ? at(column, row, i) : at(i, column, row);
  sum(c, x, y, n) = bias(c);
  sum(c, x, y, n) += packed.weight(weight, c, window.x, window.y, window.z) *
                     pixel(window.x, window.y, window.z, x, y, n);
  output(c, x, y, n) = sum(c, x, y, n);
  fixOutput(output, layouts[3]);
}
