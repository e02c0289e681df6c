#include "kernels/Block.h"
#include "kernels/Activations.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::BlockKernel::BlockKernel(const KernelSpec &spec, int64_t granule, bool paired) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  partialWeight = constantBuffer(layouts[1], "partial_weight");
  firstWeight = constantBuffer(layouts[2], "first_weight");
  firstBias = constantBuffer(layouts[3], "first_bias");
  secondWeight = constantBuffer(layouts[4], "second_weight");
  const PackedAccess packed(granule);
  const std::vector<Var> at = {c, x, y, n};
  const Type type = halideType(spec.computeType());
  const Expr zero = cast(type, 0.0f);
  // Where long sums are added up in f32 their results are rounded once, here.
  auto rounded = [&](Expr value) { return cast(type, std::move(value)); };

  if (paired) {
    pairs.emplace(spec, packed, input, partialWeight);
    partial(at) = pairs->pixel(c, x, y, n);
  } else {
    auto tap = [&](Expr i, Expr kx, Expr ky) {
      return packed.weight(partialWeight, c, i, kx, ky) * input(i, x + kx - 1, y + ky - 1, n);
    };
    convolution = ProductSum("convolution", spec.computeType(), at, zero,
                             {{"window", 0, spec.partial, 3, 3, tap}});
    partial(at) = rounded(convolution.sum(at));
  }

  auto fromPartial = [&](Expr i, Expr, Expr) { return packed.weight(firstWeight, c, i) * partial(i, x, y, n); };
  auto fromInput = [&](Expr i, Expr, Expr) { return packed.weight(firstWeight, c, i) * input(i, x, y, n); };
  std::vector<Terms> channels = {{"convolved", 0, spec.partial, 0, 0, fromPartial}};
  if (spec.channels > spec.partial)
    channels.push_back({"rest", spec.partial, spec.channels - spec.partial, 0, 0, fromInput});
  product = ProductSum("product", spec.computeType(), at, firstBias(c), channels);
  hidden(at) = rounded(activate(spec.activation, product.sum(at)));

  auto fromHidden = [&](Expr i, Expr, Expr) { return packed.weight(secondWeight, c, i) * hidden(i, x, y, n); };
  sum = ProductSum("sum", spec.computeType(), at, zero, {{"inner", 0, spec.hidden, 0, 0, fromHidden}});
  output(at) = rounded(cast(sum.sum.type(), input(at)) + sum.sum(at));
  fixOutput(output, layouts[5]);
}
