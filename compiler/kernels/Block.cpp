#include "kernels/Block.h"
#include "kernels/Activations.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::BlockKernel::BlockKernel(const KernelSpec &spec, const BlockForm &form) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  partialWeight = constantBuffer(layouts[1], "partial_weight");
  firstWeight = constantBuffer(layouts[2], "first_weight");
  firstBias = constantBuffer(layouts[3], "first_bias");
  secondWeight = constantBuffer(layouts[4], "second_weight");
  const PackedAccess partialPacked(form.partialGranule), firstPacked(form.firstGranule),
      secondPacked(form.secondGranule);
  const std::vector<Var> at = {c, x, y, n};
  const Type type = halideType(spec.computeType());
  const Expr zero = cast(type, 0.0f);
  // Where long sums are added up in f32 their results are rounded once, here.
  auto rounded = [&](Expr value) { return cast(type, std::move(value)); };

  if (form.winograd) {
    winograd.emplace(spec, *form.winograd, partialPacked, input, partialWeight);
    partial(at) = winograd->pixel(c, x, y, n);
  } else {
    auto tap = [&](Expr i, Expr kx, Expr ky) {
      return partialPacked.weight(partialWeight, c, i, kx, ky) * input(i, x + kx - 1, y + ky - 1, n);
    };
    convolution = ProductSum("convolution", spec.computeType(), at, zero,
                             {{"window", 0, spec.partial, 3, 3, tap, form.partialPieces}});
    partial(at) = rounded(convolution.sum(at));
  }

  std::vector<Terms> channels;
  auto addChannels = [&](const char *name, int64_t first, int64_t count, auto source) {
    auto term = [=, this](Expr i, Expr, Expr) {
      return firstPacked.weight(firstWeight, c, i) * source(i, x, y, n);
    };
    channels.push_back({name, first, count, 0, 0, term, form.firstPieces});
  };
  if (form.joined) {
    convolved = RDom(0, int(spec.partial), "convolved");
    mixed(at) = input(at);
    mixed(convolved, x, y, n) = partial(convolved, x, y, n);
    addChannels("channels", 0, spec.channels, mixed);
  } else {
    addChannels("convolved", 0, spec.partial, partial);
    if (spec.channels > spec.partial)
      addChannels("rest", spec.partial, spec.channels - spec.partial, input);
  }
  product = ProductSum("product", spec.computeType(), at, firstBias(c), channels);
  hidden(at) = rounded(activate(spec.activation, product.sum(at)));

  auto fromHidden = [&](Expr i, Expr, Expr) {
    return secondPacked.weight(secondWeight, c, i) * hidden(i, x, y, n);
  };
  sum = ProductSum("sum", spec.computeType(), at, zero,
                   {{"inner", 0, spec.hidden, 0, 0, fromHidden, form.secondPieces}});
  output(at) = rounded(cast(sum.sum.type(), input(at)) + sum.sum(at));
  fixOutput(output, layouts[5]);
}
