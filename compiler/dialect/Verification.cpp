// Checks that the verifiers of several operations share.
#include "dialect/Verification.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace fasternet::ir {

std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(shape, os);
  return text + "]";
}

LogicalResult requireShape(Operation *op, StringRef label, StringRef what, RankedTensorType found,
                           ArrayRef<int64_t> expected) {
  if (found.getShape() == expected)
    return success();
  return op->emitOpError() << "(" << label << ") " << what << " has shape " << shapeText(found.getShape())
                           << ", expected " << shapeText(expected);
}

LogicalResult verifyPatchConvolution(Operation *op, const PatchConvolution &conv) {
  auto label = [&](StringRef constraint) { return (conv.name + "." + constraint).str(); };
  auto refuse = [&](StringRef constraint) -> InFlightDiagnostic {
    return op->emitOpError() << "(" << label(constraint) << ") ";
  };
  ArrayRef<int64_t> in = conv.input.getShape(), weight = conv.weight.getShape();
  int64_t channels = conv.nchw ? in[1] : in[3];
  int64_t height = conv.nchw ? in[2] : in[1], width = conv.nchw ? in[3] : in[2];
  int64_t outputs = weight[0], kernel = weight[2];
  if (weight[3] != kernel || kernel < 1)
    return refuse("square-window") << "window of " << kernel << " x " << weight[3]
                                   << " pixels, expected a square";
  if (conv.stride < 1)
    return refuse("positive-stride") << "stride " << conv.stride << ", expected at least 1";
  if (weight[1] != channels)
    return refuse("channels") << "weight for " << weight[1] << " channels, the input has " << channels;
  if (kernel > height || kernel > width)
    return refuse("window-fits") << "window of " << kernel << " x " << kernel << " pixels, the input has "
                                 << height << " x " << width;
  if (conv.bias && failed(requireShape(op, label("bias-length"), "bias", conv.bias, {outputs})))
    return failure();
  return requireShape(
      op, label("result-shape"), "result", conv.result,
      {in[0], (height - kernel) / conv.stride + 1, (width - kernel) / conv.stride + 1, outputs});
}

LogicalResult verifyPartialConvolution(Operation *op, StringRef name, StringRef weightLabel,
                                       RankedTensorType input, RankedTensorType weight) {
  int64_t partial = weight.getDimSize(0), channels = input.getShape().back();
  if (failed(requireShape(op, (name + "." + weightLabel).str(), "weight", weight, {partial, partial, 3, 3})))
    return failure();
  if (partial < 1 || partial > channels)
    return op->emitOpError() << "(" << name << ".partial-channels) convolution of " << partial
                             << " channels, the input has " << channels;
  return success();
}

} // namespace fasternet::ir
