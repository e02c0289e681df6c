// Folded factors and biases are computed in double and rounded to float once.
#include "transforms/FoldedWeights.h"

#include <cmath>

using namespace mlir;
using namespace fasternet;

ir::WeightOp fasternet::weightOf(Value value) {
  return value ? value.getDefiningOp<ir::WeightOp>() : ir::WeightOp();
}

ChannelAffine fasternet::channelAffine(ir::BatchNormOp norm) {
  const ir::WeightValues scale(weightOf(norm.getScale()).getValue()),
      bias(weightOf(norm.getBias()).getValue()), mean(weightOf(norm.getMean()).getValue()),
      variance(weightOf(norm.getVariance()).getValue());
  const double epsilon = norm.getEpsilon().convertToDouble();
  ChannelAffine affine;
  for (size_t c = 0; c < scale.size(); ++c) {
    affine.factor.push_back(double(scale[c]) / std::sqrt(double(variance[c]) + epsilon));
    affine.bias.push_back(double(bias[c]) - double(mean[c]) * affine.factor[c]);
  }
  return affine;
}

Value fasternet::createWeight(OpBuilder &builder, Location location, StringRef name, RankedTensorType type,
                              ArrayRef<double> values) {
  return ir::WeightOp::create(builder, location, type, builder.getStringAttr(name),
                              ir::makeWeight(type, name, std::vector<float>(values.begin(), values.end())));
}

Value fasternet::scaleRows(OpBuilder &builder, ir::WeightOp weight, ArrayRef<double> factor) {
  const ir::WeightValues values(weight.getValue());
  const size_t row = values.size() / factor.size();
  std::vector<float> scaled(values.size());
  for (size_t i = 0; i < scaled.size(); ++i)
    scaled[i] = float(double(values[i]) * factor[i / row]);
  auto type = cast<RankedTensorType>(weight.getType());
  return ir::WeightOp::create(builder, weight.getLoc(), type, weight.getNameAttr(),
                              ir::makeWeight(type, weight.getName(), std::move(scaled)));
}

void fasternet::eraseUnusedWeights(ModuleOp module) {
  module.walk([](ir::WeightOp weight) {
    if (weight->use_empty())
      weight.erase();
  });
}
