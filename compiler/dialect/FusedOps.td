// What one generated kernel computes, and its outlined form.
#ifndef FASTERNET_FUSED_OPS
#define FASTERNET_FUSED_OPS

include "ImportedOps.td"
include "mlir/IR/SymbolInterfaces.td"

def PatchConvOp : Fasternet_PureOp<"patch_conv"> {
  let summary = "patch embedding or merging with its norm folded: conv2d plus bias";
  let description = [{
    With `nchw` the input is the model's NCHW input, read directly; otherwise NHWC. The result is NHWC.
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
  let arguments = (ins Fasternet_Image:$input, Fasternet_Vector:$scale, Fasternet_Vector:$bias);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $scale `,` $bias attr-dict `:` functional-type(operands, $result)";
}

def KernelOp : Fasternet_Op<"kernel", [Symbol]> {
  let summary = "one distinct kernel; its symbol is the key with - and x as they are";
  let description = [{
    `spec` is a KernelSpec's text. Code generation attaches `arguments` (same for all variants) and `variants`, best
    first; packing, planning and lowering need them.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$spec, OptionalAttr<ArrayAttr>:$arguments,
                       OptionalAttr<ArrayAttr>:$variants);
  let assemblyFormat = "$sym_name `spec` $spec (`arguments` $arguments^)? (`variants` $variants^)? attr-dict";
  let hasVerifier = 1; // kernel.spec-parses, kernel.argument-kind, kernel.variant-kind
}

def CallOp : Fasternet_Op<"call", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs a kernel: activations and weights in the kernel's argument order";
  let description = [{
    Operands are those of the fused op, in order. After packing, weight operands are `packed_weight`s. Planning sets
    `slot` to the byte offset of the result in the arena; a result that is a model output has none.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Fasternet_Tensor>:$operands_, OptionalAttr<I64Attr>:$slot);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$kernel `(` $operands_ `)` (`slot` $slot^)? attr-dict `:` functional-type($operands_, $result)";
}

def PackedWeightOp : Fasternet_Op<"packed_weight", [Pure]> {
  let summary = "a weight in the packed blob, at a byte offset";
  let arguments = (ins StrAttr:$name, I64Attr:$offset, I64Attr:$bytes);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$name `offset` $offset `bytes` $bytes attr-dict `:` type($result)";
}

#endif
