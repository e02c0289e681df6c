// Tensors between calls get slots; those of one shape alternate, and the model's output has none.
// RUN: %opt %s --plan-memory | FileCheck %s
// RUN: %opt %s --plan-memory -o %t.once && %opt %t.once --plan-memory | diff %t.once -

// Each tensor has 1 x (4+2) x (4+2) x 2 x 4 = 288 bytes, 384 in multiples of 128; two are alive at a time.
// CHECK: module attributes {fasternet.arena_bytes = 768 : i64}
// CHECK: call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32({{.*}}) slot 0 :
// CHECK: call @block_n1_4x4_c2_p1_h2_relu_f32_w32({{.*}}) slot 384 :
// CHECK: call @block_n1_4x4_c2_p1_h2_relu_f32_w32({{.*}}) slot 0 :
// CHECK: call @head_n1_4x4_c2_f2_o0_relu_f32_w32(
// CHECK-NOT: slot
fasternet.kernel @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-8x8-c2-o2-k2-s2-nchw-f32-w32"
fasternet.kernel @block_n1_4x4_c2_p1_h2_relu_f32_w32 spec "block-n1-4x4-c2-p1-h2-relu-f32-w32"
fasternet.kernel @head_n1_4x4_c2_f2_o0_relu_f32_w32 spec "head-n1-4x4-c2-f2-o0-relu-f32-w32"
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = "fasternet.weight"() {name = "p", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %e = fasternet.call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32(%x, %w, %b) : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
  %f = fasternet.call @block_n1_4x4_c2_p1_h2_relu_f32_w32(%e, %p, %m, %b, %m) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
  %g = fasternet.call @block_n1_4x4_c2_p1_h2_relu_f32_w32(%f, %p, %m, %b, %m) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
  %r = fasternet.call @head_n1_4x4_c2_f2_o0_relu_f32_w32(%g, %m) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
