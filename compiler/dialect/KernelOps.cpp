// Verifiers of the outlined form: kernels, their calls and packed weights.
#include "dialect/FasternetOps.h"
#include "dialect/Verification.h"
#include "support/PackedLayout.h"

using namespace mlir;
using namespace fasternet;
using namespace fasternet::ir;

template <typename... AttrT>
static LogicalResult requireElements(KernelOp op, StringRef label, StringRef what, ArrayAttr array) {
  for (Attribute element : array ? array.getValue() : ArrayRef<Attribute>())
    if (!isa<AttrT...>(element))
      return op.emitOpError() << "(" << label << ") " << element << " is not a " << what;
  return success();
}

LogicalResult KernelOp::verify() {
  llvm::Expected<KernelSpec> spec = KernelSpec::parse(getSpec());
  if (!spec)
    return emitOpError() << "(kernel.spec-parses) " << llvm::toString(spec.takeError());
  if (failed(requireElements<ArgumentAttr>(*this, "kernel.argument-kind", "#fasternet.argument",
                                           getArgumentsAttr())))
    return failure();
  return requireElements<VariantAttr, DeviceVariantAttr>(
      *this, "kernel.variant-kind", "#fasternet.variant or #fasternet.device_variant", getVariantsAttr());
}

/// Inputs of a call: the arguments of CompiledKernel.h without the output.
static size_t inputCount(const KernelSpec &spec) {
  switch (spec.kind) {
  case KernelKind::Block:
    return 5;
  case KernelKind::Head:
    return spec.outputs > 0 ? 4 : 2;
  case KernelKind::PatchConv:
  case KernelKind::Affine:
    return 3;
  }
  llvm_unreachable("all kinds are listed");
}

static int64_t borderOf(RankedTensorType type) {
  auto border = dyn_cast_or_null<BorderAttr>(type.getEncoding());
  return border ? border.getPixels() : 0;
}

static LogicalResult requireBorder(CallOp op, StringRef what, RankedTensorType type, int64_t expected) {
  if (borderOf(type) == expected)
    return success();
  return op.emitOpError() << "(call.border) " << what << " has a border of " << borderOf(type)
                          << " pixels, expected " << expected;
}

static LogicalResult requireElementType(CallOp op, StringRef what, RankedTensorType type,
                                        ElementType expected) {
  const Type element = toType(op.getContext(), expected);
  if (type.getElementType() == element)
    return success();
  return op.emitOpError() << "(call.elements) " << what << " has elements of type " << type.getElementType()
                          << ", expected " << element;
}

static SmallVector<int64_t> inputShape(const KernelSpec &spec) {
  if (spec.inputLayout == TensorLayout::NCHW)
    return {spec.batch, spec.channels, spec.height, spec.width};
  return {spec.batch, spec.height, spec.width, spec.channels};
}

static SmallVector<int64_t> outputShape(const KernelSpec &spec) {
  if (spec.kind == KernelKind::Head)
    return {spec.batch, spec.outputChannels()};
  if (spec.kind == KernelKind::Affine)
    return {spec.batch, spec.outputChannels(), spec.outputHeight(), spec.outputWidth()};
  return {spec.batch, spec.outputHeight(), spec.outputWidth(), spec.outputChannels()};
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError() << "(call.kernel-exists) " << getKernelAttr()
                         << " is no fasternet.kernel of this module";
  llvm::Expected<KernelSpec> spec = KernelSpec::parse(kernel.getSpec());
  if (!spec) { // The kernel's own verifier reports it.
    llvm::consumeError(spec.takeError());
    return failure();
  }
  if (getInputs().size() != inputCount(*spec))
    return emitOpError() << "(call.operand-count) " << getInputs().size() << " inputs, " << getKernelAttr()
                         << " takes " << inputCount(*spec);
  auto input = cast<RankedTensorType>(getInputs().front().getType());
  RankedTensorType result = getResult().getType();
  if (failed(requireShape(*this, "call.shapes", "input", input, inputShape(*spec))) ||
      failed(requireShape(*this, "call.shapes", "result", result, outputShape(*spec))) ||
      failed(requireElementType(*this, "input", input, spec->inputType())) ||
      failed(requireElementType(*this, "result", result, spec->outputType())) ||
      failed(requireBorder(*this, "input", input, spec->inputBorder())))
    return failure();
  return requireBorder(*this, "result", result, spec->outputBorder());
}

LogicalResult CallOp::verify() {
  if (!getClearsBorder() || (getSlot() && borderOf(getResult().getType()) > 0))
    return success();
  return emitOpError() << "(call.clears-border) the result " << (getSlot() ? "has no border" : "has no slot")
                       << " to clear";
}

LogicalResult PackedWeightOp::verify() {
  int64_t offset = getOffset(), bytes = getBytes();
  if (offset < 0 || offset % packedAlignment || bytes < 1)
    return emitOpError() << "(packed_weight.place) " << bytes << " bytes at offset " << offset
                         << ", expected at least 1 at a multiple of " << packedAlignment;
  return success();
}
