// Weights for half precision are rounded to nearest even and take two bytes each; what its range does not hold is
// refused.
// RUN: split-file %s %t
// RUN: %opt %t/packed.mlir --pack-weights=output=%t.blob | FileCheck %s
// RUN: od -A d -t x2 -v -w8 %t.blob | FileCheck %s --check-prefix=BLOB
// RUN: not %opt %t/too-large.mlir --pack-weights 2>&1 | FileCheck %s --check-prefix=LARGE

// CHECK: module attributes {fasternet.weight_bytes = 64 : i64}
// CHECK: fasternet.packed_weight "m" offset 0 bytes 16 : tensor<2x2xf16>

// 1, 1 + 2^-11 (a tie, to 1), 65504 and the least normal number, as columns of two outputs with two lanes of padding.
// BLOB:      0000000 3c00 7bff 0000 0000{{$}}
// BLOB-NEXT: 0000008 3c00 0400 0000 0000{{$}}
// BLOB:      {{^}}0000064

// LARGE: weight 'm' holds 7.000000e+04, beyond the range of half precision

//--- packed.mlir
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f16_w16 spec "head-n1-2x2-c2-f2-o0-relu-f16-w16" arguments [#fasternet.argument<input of f16, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight of f16, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.variant<target = "aarch64-fp16", symbol = "tiny_head", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x2x2x2xf16, #fasternet.border<1>>) -> tensor<1x2xf32> {
  %m = "fasternet.weight"() {name = "m", value = dense<[[1.0, 1.00048828125], [65504.0, 0.00006103515625]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f16_w16(%x, %m) : (tensor<1x2x2x2xf16, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

//--- too-large.mlir
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f16_w16 spec "head-n1-2x2-c2-f2-o0-relu-f16-w16" arguments [#fasternet.argument<input of f16, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight of f16, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.variant<target = "aarch64-fp16", symbol = "tiny_head", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x2x2x2xf16, #fasternet.border<1>>) -> tensor<1x2xf32> {
  %m = "fasternet.weight"() {name = "m", value = dense<[[1.0, 2.0], [70000.0, 3.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f16_w16(%x, %m) : (tensor<1x2x2x2xf16, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
