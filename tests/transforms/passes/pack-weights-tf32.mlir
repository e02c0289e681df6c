// Weights for tensor cores: tf32 values, rounded to nearest with ties away from zero, in panels of outputs and of inputs
// that are padded with zeros.
// RUN: %opt %s --pack-weights=output=%t.blob | FileCheck %s
// RUN: od -A d -t x4 -v -w16 %t.blob | FileCheck %s --check-prefix=BLOB

// CHECK: module attributes {fasternet.weight_bytes = 64 : i64}
// CHECK: inputPanel = 4
// CHECK: fasternet.packed_weight "m" offset 0 bytes 32 : tensor<1x3xf32>

// One row of three inputs and a zero, then the zero row of the second lane: 1, 1 + 2^-10 (from the tie 1 + 2^-11), -2.
// BLOB:      0000000 3f800000 3f802000 c0000000 00000000
// BLOB-NEXT: 0000016 00000000 00000000 00000000 00000000

fasternet.kernel @head_n1_2x2_c3_f1_o0_relu_f32_wtf32 spec "head-n1-2x2-c3-f1-o0-relu-f32-wtf32" arguments [#fasternet.argument<input, min = [0, -1, -1, 0], extent = [3, 4, 4, 1], stride = [1, 3, 12, 48], offset = 0>, #fasternet.argument<weight of tf32, min = [0, 0, 0], extent = [4, 2, 1], stride = [1, 4, 8], offset = 0, layout = <outputs = 1, inputs = 3, kernelHeight = 1, kernelWidth = 1, panel = 2, inputPanel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [1, 1], stride = [1, 1], offset = 0>] variants [#fasternet.variant<target = "cuda-sm80", symbol = "tiny_head", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x2x2x3xf32, #fasternet.border<1>>) -> tensor<1x1xf32> {
  %m = "fasternet.weight"() {name = "m", value = dense<[[1.0, 1.00048828125, -2.0]]> : tensor<1x3xf32>} : () -> tensor<1x3xf32>
  %r = fasternet.call @head_n1_2x2_c3_f1_o0_relu_f32_wtf32(%x, %m) : (tensor<1x2x2x3xf32, #fasternet.border<1>>, tensor<1x3xf32>) -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
}
