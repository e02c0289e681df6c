// Only an nchw patch convolution reads a tensor from outside the model.
// RUN: %opt %s --materialize-borders --verify-diagnostics

func.func @outside(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  // expected-error @below {{reads an NHWC tensor from outside}}
  %r = fasternet.patch_conv %x, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}

