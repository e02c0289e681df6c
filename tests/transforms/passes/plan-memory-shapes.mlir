// A tensor that takes over memory from another shape has its border cleared, unless borders are kept.
// RUN: %opt %s --plan-memory | FileCheck %s
// RUN: %opt %s --plan-memory=clear-borders=false | FileCheck %s --check-prefix=KEPT

// 1 x (4+2) x (4+2) x 2 x 4 = 288 bytes, 384 in multiples of 128; 1 x (2+2) x (2+2) x 4 x 4 = 256 bytes. The merged
// image lies where the embedded one was, and the next run's embedded one there again.
// CHECK: module attributes {fasternet.arena_bytes = 768 : i64}
// CHECK: call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32({{.*}}) slot 0 clears_border :
// CHECK: call @block_n1_4x4_c2_p1_h2_relu_f32_w32({{.*}}) slot 384 :
// CHECK: call @patch_conv_n1_4x4_c2_o4_k2_s2_nhwc_f32_w32({{.*}}) slot 0 clears_border :
// KEPT: module attributes {fasternet.arena_bytes = 1024 : i64}
// KEPT-NOT: clears_border
// KEPT: call @patch_conv_n1_4x4_c2_o4_k2_s2_nhwc_f32_w32({{.*}}) slot 768 :
fasternet.kernel @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-8x8-c2-o2-k2-s2-nchw-f32-w32"
fasternet.kernel @block_n1_4x4_c2_p1_h2_relu_f32_w32 spec "block-n1-4x4-c2-p1-h2-relu-f32-w32"
fasternet.kernel @patch_conv_n1_4x4_c2_o4_k2_s2_nhwc_f32_w32 spec "patch_conv-n1-4x4-c2-o4-k2-s2-nhwc-f32-w32"
fasternet.kernel @head_n1_2x2_c4_f2_o0_relu_f32_w32 spec "head-n1-2x2-c4-f2-o0-relu-f32-w32"
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = "fasternet.weight"() {name = "p", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %v = "fasternet.weight"() {name = "v", value = dense<1.0> : tensor<4x2x2x2xf32>} : () -> tensor<4x2x2x2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<4xf32>} : () -> tensor<4xf32>
  %h = "fasternet.weight"() {name = "h", value = dense<1.0> : tensor<2x4xf32>} : () -> tensor<2x4xf32>
  %e = fasternet.call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32(%x, %w, %b) : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
  %f = fasternet.call @block_n1_4x4_c2_p1_h2_relu_f32_w32(%e, %p, %m, %b, %m) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
  %g = fasternet.call @patch_conv_n1_4x4_c2_o4_k2_s2_nhwc_f32_w32(%f, %v, %c) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<4x2x2x2xf32>, tensor<4xf32>) -> tensor<1x2x2x4xf32, #fasternet.border<1>>
  %r = fasternet.call @head_n1_2x2_c4_f2_o0_relu_f32_w32(%g, %h) : (tensor<1x2x2x4xf32, #fasternet.border<1>>, tensor<2x4xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
