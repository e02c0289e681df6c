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

class Fasternet_Ranked<list<int> ranks, string what>
    : RankedTensorOf<[F32], [HasAnyRankOfPred<ranks>, HasStaticShapePred], "statically shaped " # what>;
def Fasternet_Tensor : RankedTensorOf<[F32], [HasStaticShapePred], "statically shaped tensor">;
// What kernels hand to each other: the layers of a model are f32, the precision is chosen when they are outlined.
def Fasternet_KernelTensor
    : RankedTensorOf<[F32, F16], [HasStaticShapePred], "statically shaped tensor of f32 or f16">;
def Fasternet_Image : Fasternet_Ranked<[4], "4D tensor">;
def Fasternet_Matrix : Fasternet_Ranked<[2], "2D tensor">;
def Fasternet_Vector : Fasternet_Ranked<[1], "1D tensor">;

def WeightOp : Fasternet_Op<"weight", [Pure]> {
  let summary = "one tensor of the checkpoint, or one made from it by folding";
  let description = [{
    The value is a `dense_resource` over the mapped file or an owned blob (WeightBlob.h); tests write `dense`. Not
    ConstantLike: the folder would merge weights of equal value and lose their names.
    - (weight.value-type) the value has the type of the result
    - (weight.value-held) it is `dense`, or a `dense_resource` with one float per element
  }];
  let arguments = (ins StrAttr:$name, ElementsAttr:$value);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def ToNhwcOp : Fasternet_PureOp<"to_nhwc"> {
  let summary = "NCHW to NHWC";
  let description = [{
    - (to_nhwc.shapes) [n, c, h, w] becomes [n, h, w, c]
  }];
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def ToNchwOp : Fasternet_PureOp<"to_nchw"> {
  let summary = "NHWC to NCHW";
  let description = [{
    - (to_nchw.shapes) [n, h, w, c] becomes [n, c, h, w]
  }];
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Conv2dOp : Fasternet_PureOp<"conv2d"> {
  let summary = "patch convolution: square window, no padding; a bias where a norm has been folded";
  let description = [{
    result[n,y,x,o] = bias[o] + sum over i,ky,kx of weight[o,i,ky,kx] * input[n, y*stride+ky, x*stride+kx, i];
    output pixels floor((size - kernel) / stride) + 1.
    - (conv2d.square-window) weight is [outputs, inputs, k, k]
    - (conv2d.positive-stride) stride >= 1
    - (conv2d.channels) inputs of the weight = channels of the input
    - (conv2d.window-fits) k <= height and width
    - (conv2d.bias-length) bias is [outputs]
    - (conv2d.result-shape) result is [n, pixels, pixels, outputs]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$weight, Optional<Fasternet_Vector>:$bias,
                       I64Attr:$stride);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = [{
    $input `,` $weight (`bias` $bias^)? `stride` $stride attr-dict `:` functional-type(operands, $result)
  }];
}

def BatchNormOp : Fasternet_PureOp<"batch_norm", [AllTypesMatch<["input", "result"]>]> {
  let summary = "batch normalisation in eval mode over the last dimension";
  let description = [{
    (input - mean) / sqrt(variance + epsilon) * scale + bias.
    - (batch_norm.channels) scale, bias, mean and variance have the length of the input's last dimension
    - (batch_norm.epsilon) epsilon > 0
  }];
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
    Chen et al., "Run, Don't Walk", CVPR 2023, section 3.2. Stride 1, zero padding 1.
    - (partial_conv.weight-shape) weight is [p, p, 3, 3]
    - (partial_conv.partial-channels) p <= channels of the input
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Image:$weight);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $weight attr-dict `:` functional-type(operands, $result)";
}

def PointwiseOp : Fasternet_PureOp<"pointwise"> {
  let summary = "1x1 convolution: weight [outputs, inputs], optional bias";
  let description = [{
    - (pointwise.shapes) [n, h, w, inputs] becomes [n, h, w, outputs]
    - (pointwise.bias-length) bias is [outputs]
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Matrix:$weight, Optional<Fasternet_Vector>:$bias);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $weight (`bias` $bias^)? attr-dict `:` functional-type(operands, $result)";
}

def ActivationOp : Fasternet_PureOp<"activation", [AllTypesMatch<["input", "result"]>]> {
  let summary = "relu, or gelu in its exact form x * (1 + erf(x / sqrt 2)) / 2";
  let arguments = (ins Fasternet_Tensor:$input, Fasternet_ActivationAttr:$kind);
  let results = (outs Fasternet_Tensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` type($input)";
  let hasVerifier = 0;
}

def LayerScaleOp : Fasternet_PureOp<"layer_scale", [AllTypesMatch<["input", "result"]>]> {
  let summary = "multiplies each channel by a factor";
  let description = [{
    - (layer_scale.channels) scale has the length of the last dimension
  }];
  let arguments = (ins Fasternet_Image:$input, Fasternet_Vector:$scale);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$input `,` $scale attr-dict `:` functional-type(operands, $result)";
}

def AddOp : Fasternet_PureOp<"add", [AllTypesMatch<["lhs", "rhs", "result"]>, Commutative]> {
  let summary = "elementwise sum: the shortcut of a block";
  let arguments = (ins Fasternet_Image:$lhs, Fasternet_Image:$rhs);
  let results = (outs Fasternet_Image:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
  let hasVerifier = 0;
}

def GlobalPoolOp : Fasternet_PureOp<"global_pool"> {
  let summary = "mean over the pixels of each image: NHWC to [N, C]";
  let description = [{
    - (global_pool.shapes) [n, h, w, c] becomes [n, c]
  }];
  let arguments = (ins Fasternet_Image:$input);
  let results = (outs Fasternet_Matrix:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def LinearOp : Fasternet_PureOp<"linear"> {
  let summary = "product with a matrix [outputs, inputs], optional bias";
  let description = [{
    - (linear.shapes) [n, inputs] becomes [n, outputs]
    - (linear.bias-length) bias is [outputs]
  }];
  let arguments = (ins Fasternet_Matrix:$input, Fasternet_Matrix:$weight, Optional<Fasternet_Vector>:$bias);
  let results = (outs Fasternet_Matrix:$result);
  let assemblyFormat = "$input `,` $weight (`bias` $bias^)? attr-dict `:` functional-type(operands, $result)";
}

#endif
