// The model's function becomes entry, description and public functions; nothing but the LLVM dialect is left.
// RUN: %opt %s --lower-entry | FileCheck %s --implicit-check-not=fasternet. --implicit-check-not=func.func
// RUN: %opt %s --lower-entry | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=BORDER

// One image of 2 x 2 pixels of two floats.
// BORDER: call void @fnet_internal_clear_border(ptr %{{[0-9]+}}, i64 1, i64 2, i64 2, i64 8)
// CHECK-DAG: llvm.mlir.global external {{.*}}@tiny_weights
// CHECK-DAG: llvm.func {{.*}}@call_patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32(
// CHECK-DAG: llvm.func {{.*}}@call_head_n1_2x2_c2_f2_o0_relu_f32_w32(
// CHECK-DAG: llvm.func {{.*}}@tiny_patch_v3(
// CHECK-DAG: llvm.func {{.*}}@tiny_entry(
// CHECK-DAG: llvm.call @fnet_internal_clear_border(
// CHECK-DAG: llvm.func @tiny_init(
// CHECK-DAG: llvm.func @tiny_run(
// CHECK-DAG: llvm.func @tiny_done(
// CHECK-DAG: llvm.mlir.global {{.*}}@tiny_model
module attributes {fasternet.arena_bytes = 128 : i64, fasternet.weight_bytes = 192 : i64} {
fasternet.kernel @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-4x4-c1-o2-k2-s2-nchw-f32-w32" arguments [#fasternet.argument<input, min = [0, 0, 0, 0], extent = [4, 4, 1, 1], stride = [1, 4, 16, 16], offset = 0>, #fasternet.argument<weight, min = [0], extent = [16], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 2, kernelWidth = 2, panel = 4>>, #fasternet.argument<weight, min = [0], extent = [4], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>] variants [#fasternet.variant<target = "x86-64-v3", symbol = "tiny_patch_v3", callerScratch = 0, workerScratch = 100>]
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f32_w32 spec "head-n1-2x2-c2-f2-o0-relu-f32-w32" arguments [#fasternet.argument<input, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.variant<target = "x86-64-v3", symbol = "tiny_head_v3", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x1x4x4xf32>) -> tensor<1x2xf32> {
  %w = fasternet.packed_weight "w" offset 0 bytes 64 : tensor<2x1x2x2xf32>
  %b = fasternet.packed_weight "b" offset 64 bytes 16 : tensor<2xf32>
  %m = fasternet.packed_weight "m" offset 128 bytes 32 : tensor<2x2xf32>
  %e = fasternet.call @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32(%x, %w, %b) slot 0 clears_border : (tensor<1x1x4x4xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32, #fasternet.border<1>>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f32_w32(%e, %m) : (tensor<1x2x2x2xf32, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
}
