// Buffers of half precision say so: 16 bits an element, offsets in bytes of two.
// RUN: %opt %s --lower-entry | FileCheck %s

// The output's interior begins 10 elements, 20 bytes, after its tensor.
// CHECK-LABEL: llvm.func {{.*}}@call_patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f16_w16(
// CHECK: llvm.mlir.constant(32 : i8)
// CHECK-COUNT-3: llvm.mlir.constant(16 : i8)
// CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(20 : i64)
// CHECK: llvm.getelementptr %arg5[%[[OFFSET]]]
module attributes {fasternet.arena_bytes = 128 : i64, fasternet.weight_bytes = 192 : i64} {
fasternet.kernel @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f16_w16 spec "patch_conv-n1-4x4-c1-o2-k2-s2-nchw-f16-w16" arguments [#fasternet.argument<input, min = [0, 0, 0, 0], extent = [4, 4, 1, 1], stride = [1, 4, 16, 16], offset = 0>, #fasternet.argument<weight of f16, min = [0], extent = [16], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 2, kernelWidth = 2, panel = 4>>, #fasternet.argument<weight of f16, min = [0], extent = [4], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output of f16, min = [0, 0, 0, 0], extent = [2, 2, 2, 1], stride = [1, 2, 8, 32], offset = 10>] variants [#fasternet.variant<target = "aarch64-fp16", symbol = "tiny_patch", callerScratch = 0, workerScratch = 0>]
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f16_w16 spec "head-n1-2x2-c2-f2-o0-relu-f16-w16" arguments [#fasternet.argument<input of f16, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight of f16, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.variant<target = "aarch64-fp16", symbol = "tiny_head", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x1x4x4xf32>) -> tensor<1x2xf32> {
  %w = fasternet.packed_weight "w" offset 0 bytes 32 : tensor<2x1x2x2xf16>
  %b = fasternet.packed_weight "b" offset 64 bytes 8 : tensor<2xf16>
  %m = fasternet.packed_weight "m" offset 128 bytes 16 : tensor<2x2xf16>
  %e = fasternet.call @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f16_w16(%x, %w, %b) slot 0 : (tensor<1x1x4x4xf32>, tensor<2x1x2x2xf16>, tensor<2xf16>) -> tensor<1x2x2x2xf16, #fasternet.border<1>>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f16_w16(%e, %m) : (tensor<1x2x2x2xf16, #fasternet.border<1>>, tensor<2x2xf16>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
}
