#include "kernels/PatchConv.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::PatchConvKernel::PatchConvKernel(const KernelSpec &spec, int64_t granule, int64_t pieces) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  weight = constantBuffer(layouts[1], "weight");
  bias = constantBuffer(layouts[2], "bias");
  const PackedAccess packed(granule);
  const int stride = int(spec.stride);
  Expr column = x * stride + tapColumn, row = y * stride + tapRow;
  const bool isRounded = spec.inputType() != spec.computeType();
  if (isRounded)
    rounded(x, y, c, n) = cast(halideType(spec.computeType()), input(x, y, c, n));
  auto at = [&](Expr d0, Expr d1, Expr d2) {
    return isRounded ? Expr(rounded(d0, d1, d2, n)) : Expr(input(d0, d1, d2, n));
  };
  pixel(i, tapColumn, tapRow, x, y, n) =
      spec.inputLayout == TensorLayout::NCHW ? at(column, row, i) : at(i, column, row);
  auto tap = [&](Expr i, Expr kx, Expr ky) {
    return packed.weight(weight, c, i, kx, ky) * pixel(i, kx, ky, x, y, n);
  };
  // An image has few channels: its windows are short sums.
  sum = ProductSum("sum", spec.computeType(), {c, x, y, n}, bias(c),
                   {{"window", 0, spec.channels, spec.kernel, spec.kernel, tap, pieces}},
                   /*mayCut=*/spec.inputLayout == TensorLayout::NHWC);
  output(c, x, y, n) = cast(halideType(spec.computeType()), sum.sum(c, x, y, n));
  fixOutput(output, layouts[3]);
}
