#include "ConvolutionKernel.h"

#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::benchmark::ConvolutionKernel::ConvolutionKernel(const ConvolutionCase &shape, int64_t granule) {
  const auto arguments = convolutionArguments(shape);
  input = constantBuffer(arguments[0], "input");
  weight = constantBuffer(arguments[1], "weight");
  const int inputs = int(shape.groupChannels()), panel = int(PackedLayout{}.panel), lanes = int(granule);
  const int panels = int((shape.blockChannels() + panel - 1) / panel);

  window = RDom(0, inputs, 0, 3, 0, 3, "window");
  Expr channel = shape.lanes == ConvolutionCase::Lanes::AcrossGroups ? k + window.x * int(shape.groups)
                                                                     : window.x + block * inputs;
  // As PackedAccess writes it, with the panels of one block after those of the other.
  const int parts = panel / lanes;
  Expr part = k / lanes;
  Expr factor =
      weight(k % lanes + part % parts * lanes, window.x, window.y, window.z, block * panels + part / parts);
  sum(k, block, x, y) = 0.0f;
  sum(k, block, x, y) += factor * input(channel, x + window.y - 1, y + window.z - 1);

  if (shape.copied) {
    first = RDom(0, int(shape.convolved), "first");
    output(k, x, y) = input(k, x, y);
    output(first, x, y) = sum(first, 0, x, y);
  } else {
    output(k, block, x, y) = sum(k, block, x, y);
  }
  fixOutput(output, arguments[2]);
}
