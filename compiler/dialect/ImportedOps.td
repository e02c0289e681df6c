// The layers of the published model, in eval mode.
#ifndef FASTERNET_IMPORTED_OPS
#define FASTERNET_IMPORTED_OPS

include "FasternetDialect.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Fasternet_Op<string mnemonic, list<Trait> traits = []> : Op<Fasternet_Dialect, mnemonic, traits>;
class Fasternet_PureOp<string mnemonic, list<Trait> traits = []>
    : Fasternet_Op<mnemonic, !listconcat([Pure], traits)> {
  let hasVerifier = 1;
}

def Fasternet_Tensor : RankedTensorOf<[F32]>;
def Fasternet_Image : 4DTensorOf<[F32]>;
def Fasternet_Matrix : 2DTensorOf<[F32]>;
def Fasternet_Vector : 1DTensorOf<[F32]>;

def WeightOp : Fasternet_Op<"weight", [Pure, ConstantLike]> {
  let summary = "one tensor of the checkpoint, or one made from it by folding";
  let description = [{ The value is a `dense_resource` over the mapped file or an owned blob. }];
  let arguments = (ins StrAttr:$name, ElementsAttr:$value);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1; // weight.value-type
}

def ToNhwcOp : Fasternet_PureOp<"to_nhwc"> {
  let summary = "NCHW to NHWC";
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def ToNchwOp : Fasternet_PureOp<"to_nchw"> {
  let summary = "NHWC to NCHW";
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Conv2dOp : Fasternet_PureOp<"conv2d"> {
  let summary = "patch convolution: square window, no padding, no bias";
  let description = [{
    result[n,y,x,o] = sum over i,ky,kx of weight[o,i,ky,kx] * input[n, y*stride+ky, x*stride+kx, i];
    output pixels floor((size - kernel) / stride) + 1.
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$weight, I64Attr:$stride);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $weight `stride` $stride attr-dict `:` functional-type(operands, $result)";
}

def BatchNormOp : Fasternet_PureOp<"batch_norm", [AllTypesMatch<["input", "result"]>]> {
  let summary = "batch normalisation in eval mode over the last dimension";
  let description = [{ (input - mean) / sqrt(variance + epsilon) * scale + bias. }];
  let arguments = (ins Fasternet_Tensor:$input, Fasternet_Vector:$scale, Fasternet_Vector:$bias,
                       Fasternet_Vector:$mean, Fasternet_Vector:$variance, F64Attr:$epsilon);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $bias `,` $mean `,` $variance `epsilon` $epsilon attr-dict `:`
    functional-type(operands, $result)
  }];
}

def PartialConvOp : Fasternet_PureOp<"partial_conv", [AllTypesMatch<["input", "result"]>]> {
  let summary = "3x3 convolution over the first channels, the rest passed through";
  let description = [{
    Chen et al., "Run, Don't Walk", CVPR 2023, section 3.2. Stride 1, zero padding 1, weight [p, p, 3, 3].
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$weight);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $weight attr-dict `:` functional-type(operands, $result)";
}

def PointwiseOp : Fasternet_PureOp<"pointwise"> {
  let summary = "1x1 convolution: weight [outputs, inputs], optional bias";
  let arguments = (ins Fasternet_Image:$input, Fasternet_Matrix:$weight, Optional<Fasternet_Vector>:$bias);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $weight (`bias` $bias^)? attr-dict `:` functional-type(operands, $result)";
}

def ActivationOp : Fasternet_PureOp<"activation", [SameOperandsAndResultType]> {
  let summary = "relu, or gelu in its exact form x * (1 + erf(x / sqrt 2)) / 2";
  let arguments = (ins Fasternet_Tensor:$input, Fasternet_ActivationAttr:$kind);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` type($input)";
  let hasVerifier = 0;
}

def LayerScaleOp : Fasternet_PureOp<"layer_scale", [AllTypesMatch<["input", "result"]>]> {
  let summary = "multiplies each channel by a factor";
  let arguments = (ins Fasternet_Image:$input, Fasternet_Vector:$scale);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $scale attr-dict `:` functional-type(operands, $result)";
}

def AddOp : Fasternet_PureOp<"add", [SameOperandsAndResultType, Commutative]> {
  let summary = "elementwise sum: the shortcut of a block";
  let arguments = (ins Fasternet_Image:$lhs, Fasternet_Image:$rhs);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
  let hasVerifier = 0;
}

def GlobalPoolOp : Fasternet_PureOp<"global_pool"> {
  let summary = "mean over the pixels of each image: NHWC to [N, C]";
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Matrix:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def LinearOp : Fasternet_PureOp<"linear"> {
  let summary = "product with a matrix [outputs, inputs], optional bias";
  let arguments = (ins Fasternet_Matrix:$input, Fasternet_Matrix:$weight, Optional<Fasternet_Vector>:$bias);
  let results = (outs Fasternet_Matrix:$result);
  let assemblyFormat = "$input `,` $weight (`bias` $bias^)? attr-dict `:` functional-type(operands, $result)";
}

#endif
