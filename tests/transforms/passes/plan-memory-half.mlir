// Slots count the bytes of their element type.
// RUN: %opt %s --plan-memory | FileCheck %s

// Each tensor has 1 x (4+2) x (4+2) x 4 x 2 = 288 bytes, 384 in multiples of 128; two are alive at a time.
// CHECK: module attributes {fasternet.arena_bytes = 768 : i64}
// CHECK: call @block_n1_4x4_c4_p1_h4_relu_f16_w16({{.*}}) slot 384 :
fasternet.kernel @patch_conv_n1_8x8_c2_o4_k2_s2_nchw_f16_w16 spec "patch_conv-n1-8x8-c2-o4-k2-s2-nchw-f16-w16"
fasternet.kernel @block_n1_4x4_c4_p1_h4_relu_f16_w16 spec "block-n1-4x4-c4-p1-h4-relu-f16-w16"
fasternet.kernel @head_n1_4x4_c4_f2_o0_relu_f16_w16 spec "head-n1-4x4-c4-f2-o0-relu-f16-w16"
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<4x2x2x2xf32>} : () -> tensor<4x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<4xf32>} : () -> tensor<4xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<4x4xf32>} : () -> tensor<4x4xf32>
  %h = "fasternet.weight"() {name = "h", value = dense<1.0> : tensor<2x4xf32>} : () -> tensor<2x4xf32>
  %p = "fasternet.weight"() {name = "p", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %e = fasternet.call @patch_conv_n1_8x8_c2_o4_k2_s2_nchw_f16_w16(%x, %w, %b) : (tensor<1x2x8x8xf32>, tensor<4x2x2x2xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf16, #fasternet.border<1>>
  %f = fasternet.call @block_n1_4x4_c4_p1_h4_relu_f16_w16(%e, %p, %m, %b, %m) : (tensor<1x4x4x4xf16, #fasternet.border<1>>, tensor<1x1x3x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x4x4xf16, #fasternet.border<1>>
  %r = fasternet.call @head_n1_4x4_c4_f2_o0_relu_f16_w16(%f, %h) : (tensor<1x4x4x4xf16, #fasternet.border<1>>, tensor<2x4xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
