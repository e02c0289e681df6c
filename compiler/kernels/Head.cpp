#include "kernels/Head.h"
#include "kernels/Activations.h"
#include "kernels/PackedAccess.h"

using namespace Halide;

fasternet::HeadKernel::HeadKernel(const KernelSpec &spec, const HeadForm &form) : classifies(spec.outputs > 0) {
  const auto layouts = kernelArguments(spec);
  input = constantBuffer(layouts[0], "input");
  firstWeight = constantBuffer(layouts[1], "first_weight");

  pixels = RDom(0, int(spec.width), 0, int(spec.height), "pixels");
  total(c, n) = 0.0f;
  total(c, n) += cast<float>(input(c, pixels.x, pixels.y, n));
  mean(c, n) = total(c, n) * float(1.0 / double(spec.width * spec.height));

  auto weighted = [&](ImageParam weights, int64_t granule, Func values) {
    return [=, this](Expr i, Expr, Expr) {
      return cast<float>(PackedAccess(granule).weight(weights, c, i)) * values(i, n);
    };
  };
  product = ProductSum("product", ElementType::F32, {c, n}, 0.0f,
                       {{"channels", 0, spec.channels, 0, 0, weighted(firstWeight, form.firstGranule, mean),
                         form.firstPieces, /*interleaved=*/true}});
  if (!classifies) {
    output(c, n) = activate(spec.activation, product.sum(c, n));
  } else {
    classifierWeight = constantBuffer(layouts[2], "classifier_weight");
    classifierBias = constantBuffer(layouts[3], "classifier_bias");
    features(c, n) = activate(spec.activation, product.sum(c, n));
    score = ProductSum("score", ElementType::F32, {c, n}, cast<float>(classifierBias(c)),
                       {{"inner", 0, spec.features, 0, 0,
                         weighted(classifierWeight, form.secondGranule, features), form.secondPieces,
                         /*interleaved=*/true}});
    output(c, n) = score.sum(c, n);
  }
  fixOutput(output, layouts.back());
}

std::vector<Argument> fasternet::HeadKernel::arguments() const {
  if (classifies)
    return {input, firstWeight, classifierWeight, classifierBias};
  return {input, firstWeight};
}
