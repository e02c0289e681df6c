// Half precision is chosen when kernels are outlined: tensors between calls are f16, the model's own stay f32.
// RUN: %opt %s --materialize-borders --outline-kernels=precision=f16 | FileCheck %s
// RUN: not %opt %s --materialize-borders --outline-kernels=precision=f8 2>&1 | FileCheck %s --check-prefix=WRONG

// CHECK: fasternet.kernel @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f16_w16 spec "patch_conv-n1-8x8-c2-o2-k2-s2-nchw-f16-w16"
// CHECK: fasternet.call @patch_conv_n1_8x8_c2_o2_k2_s2_nchw_f16_w16(%arg0, {{.*}}) : (tensor<1x2x8x8xf32>, {{.*}}) -> tensor<1x4x4x2xf16, #fasternet.border<1>>
// CHECK: fasternet.call @head_n1_4x4_c2_f2_o0_relu_f16_w16({{.*}}) : (tensor<1x4x4x2xf16, #fasternet.border<1>>, {{.*}}) -> tensor<1x2xf32>
// WRONG: precision is 'f8', expected f32, tf32 or f16
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %e = fasternet.patch_conv %x, %w, %b stride 2 nchw : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.head relu %e, %m : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
