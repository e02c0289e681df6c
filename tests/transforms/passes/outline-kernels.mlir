// One kernel for each distinct shape, before the function, in the order of first use.
// RUN: %opt %s --materialize-borders --outline-kernels | FileCheck %s
// RUN: %opt %s --materialize-borders --outline-kernels -o %t.once && %opt %t.once --outline-kernels | diff %t.once -

// CHECK: fasternet.kernel @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-8x8-c2-o2-k2-s2-nchw-f32-w32"
// CHECK-NEXT: fasternet.kernel @block_n1_4x4_c2_p1_h2_relu_f32_w32
// CHECK-NEXT: fasternet.kernel @head_n1_4x4_c2_f2_o0_relu_f32_w32
// CHECK-NEXT: func.func @model
// CHECK: fasternet.call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f32_w32(%arg0,
// CHECK-COUNT-2: fasternet.call @block_n1_4x4_c2_p1_h2_relu_f32_w32(
// CHECK: fasternet.call @head_n1_4x4_c2_f2_o0_relu_f32_w32(
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = "fasternet.weight"() {name = "p", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %e = fasternet.patch_conv %x, %w, %b stride 2 nchw : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %f = fasternet.block relu %e, %p, %m, %b, %m : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.block relu %f, %p, %m, %b, %m : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.head relu %g, %m : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

