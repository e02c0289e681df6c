// Verifiers of the fused ops, and the definitions of all operations that TableGen makes.
#include "dialect/FasternetOps.h"
#include "dialect/Verification.h"

using namespace mlir;
using namespace fasternet::ir;

#define GET_OP_CLASSES
#include "dialect/FasternetOps.cpp.inc"

LogicalResult PatchConvOp::verify() {
  return verifyPatchConvolution(*this, {"patch_conv", getInput().getType(), getWeight().getType(),
                                        getBias().getType(), getType(), int64_t(getStride()), getNchw()});
}

LogicalResult BlockOp::verify() {
  if (failed(verifyPartialConvolution(*this, "block", "partial-weight", getInput().getType(),
                                      getPartialWeight().getType())))
    return failure();
  int64_t channels = getInput().getType().getDimSize(3), hidden = getFirstWeight().getType().getDimSize(0);
  if (failed(requireShape(*this, "block.products", "first weight", getFirstWeight().getType(),
                          {hidden, channels})) ||
      failed(requireShape(*this, "block.products", "first bias", getFirstBias().getType(), {hidden})))
    return failure();
  return requireShape(*this, "block.products", "second weight", getSecondWeight().getType(),
                      {channels, hidden});
}

LogicalResult HeadOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  int64_t features = getWeight().getType().getDimSize(0), values = features;
  if (failed(requireShape(*this, "head.shapes", "weight", getWeight().getType(), {features, in[3]})))
    return failure();
  if (bool(getClassifierWeight()) != bool(getClassifierBias()))
    return emitOpError() << "(head.classifier) classifier " << (getClassifierWeight() ? "without" : "with")
                         << " bias and " << (getClassifierWeight() ? "with" : "without") << " weight";
  if (getClassifierWeight()) {
    values = getClassifierWeight().getType().getDimSize(0);
    if (failed(requireShape(*this, "head.classifier", "classifier weight", getClassifierWeight().getType(),
                            {values, features})) ||
        failed(requireShape(*this, "head.classifier", "classifier bias", getClassifierBias().getType(),
                            {values})))
      return failure();
  }
  return requireShape(*this, "head.shapes", "result", getType(), {in[0], values});
}

LogicalResult AffineOp::verify() {
  ArrayRef<int64_t> in = getInput().getType().getShape();
  if (failed(requireShape(*this, "affine.channels", "scale", getScale().getType(), {in[3]})) ||
      failed(requireShape(*this, "affine.channels", "bias", getBias().getType(), {in[3]})))
    return failure();
  return requireShape(*this, "affine.shapes", "result", getType(), {in[0], in[3], in[1], in[2]});
}
