#include "kernels/Head.h"
#include "kernels/Activations.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::HeadKernel::HeadKernel(const KernelSpec &spec, int64_t granule) : classifies(spec.outputs > 0) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  firstWeight = constantBuffer(layouts[1], "first_weight");
  const PackedAccess packed(granule);

  pixels = RDom(0, int(spec.width), 0, int(spec.height), "pixels");
  total(c, n) = 0.0f;
  total(c, n) += cast<float>(input(c, pixels.x, pixels.y, n));
  mean(c, n) = total(c, n) * float(1.0 / double(spec.width * spec.height));

  channels = RDom(0, int(spec.channels), "channels");
  product(c, n) = 0.0f;
  product(c, n) += cast<float>(packed.weight(firstWeight, c, channels)) * mean(channels, n);
  if (!classifies) {
    output(c, n) = activate(spec.activation, product(c, n));
  } else {
    classifierWeight = constantBuffer(layouts[2], "classifier_weight");
    classifierBias = constantBuffer(layouts[3], "classifier_bias");
    features(c, n) = activate(spec.activation, product(c, n));
    inner = RDom(0, int(spec.features), "inner");
    score(c, n) = cast<float>(classifierBias(c));
    score(c, n) += cast<float>(packed.weight(classifierWeight, c, inner)) * features(inner, n);
    output(c, n) = score(c, n);
  }
  fixOutput(output, layouts.back());
}

std::vector<Argument> fasternet::HeadKernel::arguments() const {
  if (classifies)
    return {input, firstWeight, classifierWeight, classifierBias};
  return {input, firstWeight};
}
