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
  const int channels = int(spec.channels), partials = int(spec.partial);
  const Expr zero = cast(halideType(spec.computeType()), 0.0f);

  if (paired) {
    pairs.emplace(spec, packed, input, partialWeight);
    partial(c, x, y, n) = pairs->pixel(c, x, y, n);
  } else {
    window = RDom(0, partials, 0, 3, 0, 3, "window");
    convolution(c, x, y, n) = zero;
    convolution(c, x, y, n) += packed.weight(partialWeight, c, window.x, window.y, window.z) *
                               input(window.x, x + window.y - 1, y + window.z - 1, n);
    partial(c, x, y, n) = convolution(c, x, y, n);
  }

  convolved = RDom(0, partials, "convolved");
  product(c, x, y, n) = firstBias(c);
  product(c, x, y, n) += packed.weight(firstWeight, c, convolved) * partial(convolved, x, y, n);
  if (channels > partials) {
    rest = RDom(partials, channels - partials, "rest");
    product(c, x, y, n) += packed.weight(firstWeight, c, *rest) * input(*rest, x, y, n);
  }
  hidden(c, x, y, n) = activate(spec.activation, product(c, x, y, n));

  inner = RDom(0, int(spec.hidden), "inner");
  sum(c, x, y, n) = zero;
  sum(c, x, y, n) += packed.weight(secondWeight, c, inner) * hidden(inner, x, y, n);
  output(c, x, y, n) = input(c, x, y, n) + sum(c, x, y, n);
  fixOutput(output, layouts[5]);
}
