// Verifiers of the published model's layers. Labels are those of the descriptions in ImportedOps.td.
#include "dialect/FasternetOps.h"
#include "dialect/Verification.h"
#include "dialect/WeightBlob.h"

using namespace mlir;
using namespace fasternet::ir;

static RankedTensorType typeOrNull(TypedValue<RankedTensorType> value) {
  return value ? value.getType() : RankedTensorType();
}

LogicalResult WeightOp::verify() {
  if (getValue().getShapedType() != getType())
    return emitOpError() << "(weight.value-type) value of type " << getValue().getShapedType()
                         << ", result of type " << getType();
  if (!isReadableWeight(getValue()))
    return emitOpError() << "(weight.value-held) the value of " << getName()
                         << " is neither dense nor a resource with one float per element";
  return success();
}

LogicalResult ToNhwcOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  return requireShape(*this, "to_nhwc.shapes", "result", getType(), {in[0], in[2], in[3], in[1]});
}

LogicalResult ToNchwOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  return requireShape(*this, "to_nchw.shapes", "result", getType(), {in[0], in[3], in[1], in[2]});
}

LogicalResult Conv2dOp::verify() {
  return verifyPatchConvolution(*this, {"conv2d", getInput().getType(), getWeight().getType(),
                                        typeOrNull(getBias()), getType(), int64_t(getStride()), false});
}

LogicalResult BatchNormOp::verify() {
  int64_t channels = getInput().getType().getShape().back();
  std::pair<StringRef, TypedValue<RankedTensorType>> vectors[] = {
      {"scale", getScale()}, {"bias", getBias()}, {"mean", getMean()}, {"variance", getVariance()}};
  for (auto [what, value] : vectors)
    if (failed(requireShape(*this, "batch_norm.channels", what, value.getType(), {channels})))
      return failure();
  if (!(getEpsilon().convertToDouble() > 0))
    return emitOpError() << "(batch_norm.epsilon) epsilon " << getEpsilonAttr()
                         << ", expected a positive value";
  return success();
}

LogicalResult PartialConvOp::verify() {
  return verifyPartialConvolution(*this, "partial_conv", "weight-shape", getInput().getType(),
                                  getWeight().getType());
}

LogicalResult PointwiseOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  int64_t outputs = getWeight().getType().getDimSize(0);
  if (failed(requireShape(*this, "pointwise.shapes", "weight", getWeight().getType(), {outputs, in[3]})) ||
      failed(requireShape(*this, "pointwise.shapes", "result", getType(), {in[0], in[1], in[2], outputs})))
    return failure();
  if (getBias())
    return requireShape(*this, "pointwise.bias-length", "bias", getBias().getType(), {outputs});
  return success();
}

LogicalResult LayerScaleOp::verify() {
  return requireShape(*this, "layer_scale.channels", "scale", getScale().getType(),
                      {getInput().getType().getShape().back()});
}

LogicalResult GlobalPoolOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  return requireShape(*this, "global_pool.shapes", "result", getType(), {in[0], in[3]});
}

LogicalResult LinearOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  int64_t outputs = getWeight().getType().getDimSize(0);
  if (failed(requireShape(*this, "linear.shapes", "weight", getWeight().getType(), {outputs, in[1]})) ||
      failed(requireShape(*this, "linear.shapes", "result", getType(), {in[0], outputs})))
    return failure();
  if (getBias())
    return requireShape(*this, "linear.bias-length", "bias", getBias().getType(), {outputs});
  return success();
}
