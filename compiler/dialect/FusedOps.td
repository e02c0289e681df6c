// What one generated kernel computes, and its outlined form.
#ifndef FASTERNET_FUSED_OPS
#define FASTERNET_FUSED_OPS

include "ImportedOps.td"
include "mlir/IR/SymbolInterfaces.td"

def PatchConvOp : Fasternet_PureOp<"patch_conv"> {
  let summary = "patch embedding or merging with its norm folded: conv2d plus bias";
  let description = [{
    With `nchw` the input is the model's NCHW input, read directly; otherwise NHWC. The result is NHWC. As conv2d:
    - (patch_conv.square-window) weight is [outputs, inputs, k, k]
    - (patch_conv.positive-stride) stride >= 1
    - (patch_conv.channels) inputs of the weight = channels of the input
    - (patch_conv.window-fits) k <= height and width
    - (patch_conv.bias-length) bias is [outputs]
    - (patch_conv.result-shape) result is [n, pixels, pixels, outputs]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$weight, Fasternet_Vector:$bias, I64Attr:$stride,
                       UnitAttr:$nchw);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = [{
    $input `,` $weight `,` $bias `stride` $stride (`nchw` $nchw^)? attr-dict `:` functional-type(operands, $result)
  }];
}

def BlockOp : Fasternet_PureOp<"block", [AllTypesMatch<["input", "result"]>]> {
  let summary = "one FasterNet block: input + W2 act(W1 PConv(input) + b1)";
  let description = [{
    PConv is `partial_conv`. Input and result have one type, so both carry a border or none.
    - (block.partial-weight) partial weight is [p, p, 3, 3]
    - (block.partial-channels) p <= channels of the input
    - (block.products) first weight is [hidden, channels], first bias [hidden], second weight [channels, hidden]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$partialWeight, Fasternet_Matrix:$firstWeight,
                       Fasternet_Vector:$firstBias, Fasternet_Matrix:$secondWeight,
                       Fasternet_ActivationAttr:$activation);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = [{
    $activation $input `,` $partialWeight `,` $firstWeight `,` $firstBias `,` $secondWeight attr-dict `:`
    functional-type(operands, $result)
  }];
}

def HeadOp : Fasternet_PureOp<"head", [AttrSizedOperandSegments]> {
  let summary = "mean over pixels, product, activation, and the classifier where there is one";
  let description = [{
    - (head.shapes) weight is [features, channels]; the result is [n, features], with a classifier [n, classes]
    - (head.classifier) classifier weight and bias stand together, [classes, features] and [classes]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Matrix:$weight,
                       Optional<Fasternet_Matrix>:$classifierWeight, Optional<Fasternet_Vector>:$classifierBias,
                       Fasternet_ActivationAttr:$activation);
  let results = (outs Fasternet_Matrix:$result);
  let assemblyFormat = [{
    $activation $input `,` $weight (`classifier` $classifierWeight^ `,` $classifierBias)? attr-dict `:`
    functional-type(operands, $result)
  }];
}

def AffineOp : Fasternet_PureOp<"affine"> {
  let summary = "scale and bias per channel, NHWC to NCHW: the norm of a feature output";
  let description = [{
    - (affine.shapes) [n, h, w, c] becomes [n, c, h, w]
    - (affine.channels) scale and bias are [c]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Vector:$scale, Fasternet_Vector:$bias);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $scale `,` $bias attr-dict `:` functional-type(operands, $result)";
}

def KernelOp : Fasternet_Op<"kernel", [Symbol]> {
  let summary = "one distinct kernel; its symbol is the text of its spec with - replaced by _";
  let description = [{
    `spec` is a KernelSpec's text. Code generation attaches `arguments` (same for all variants) and `variants`, best
    first; packing, planning and lowering need them.
    - (kernel.spec-parses) `spec` is the text form of a KernelSpec
    - (kernel.argument-kind) `arguments` holds `#fasternet.argument`s
    - (kernel.variant-kind) `variants` holds `#fasternet.variant`s or, for GPUs, `#fasternet.device_variant`s
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$spec, OptionalAttr<ArrayAttr>:$arguments,
                       OptionalAttr<ArrayAttr>:$variants);
  let assemblyFormat = "$sym_name `spec` $spec (`arguments` $arguments^)? (`variants` $variants^)? attr-dict";
  let hasVerifier = 1;
}

def CallOp : Fasternet_Op<"call", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs a kernel: activations and weights in the kernel's argument order";
  let description = [{
    Operands are those of the fused op, in order. After packing, weight operands are `packed_weight`s. Planning sets
    `slot` to the byte offset of the result in the arena; a result that is a model output has none. With
    `clears_border` the result's border is set to zero before the kernel runs, because another shape lay there, or the
    same at another place.
    - (call.kernel-exists) `kernel` names a `fasternet.kernel`
    - (call.operand-count) as many inputs as the kernel's kind has: patch_conv 3, block 5, head 2 or 4, affine 3
    - (call.shapes) the first input and the result have the shapes of the kernel's spec
    - (call.elements) the first input and the result have the element types of the kernel's spec
    - (call.border) NHWC tensors carry KernelSpec's border, others none
    - (call.clears-border) `clears_border` only with a slot and a result that has a border
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Fasternet_KernelTensor>:$inputs,
                       OptionalAttr<I64Attr>:$slot, UnitAttr:$clears_border);
  let results = (outs Fasternet_KernelTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$kernel `(` $inputs `)` (`slot` $slot^)? (`clears_border` $clears_border^)? attr-dict `:` functional-type($inputs, $result)";
}

def PackedWeightOp : Fasternet_PureOp<"packed_weight"> {
  let summary = "a weight in the packed blob, at a byte offset";
  let description = [{
    - (packed_weight.place) offset >= 0 and a multiple of packedAlignment (PackedLayout.h), bytes >= 1
  }];
  let arguments = (ins StrAttr:$name, I64Attr:$offset, I64Attr:$bytes);
  let results = (outs Fasternet_KernelTensor:$result);
  let assemblyFormat = "$name `offset` $offset `bytes` $bytes attr-dict `:` type($result)";
}

#endif
