// Every NHWC tensor between kernels has a border; model inputs and results have none.
// RUN: %opt %s --materialize-borders | FileCheck %s
// RUN: %opt %s --materialize-borders -o %t.once && %opt %t.once --materialize-borders | diff %t.once -

// CHECK-LABEL: func.func @model
// CHECK: nchw : (tensor<1x2x8x8xf32>, {{.*}}) -> tensor<1x4x4x2xf32, #fasternet.border<1>>
// CHECK: fasternet.head relu {{.*}} #fasternet.border<1>>, {{.*}}) -> tensor<1x2xf32>
func.func @model(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %e = fasternet.patch_conv %x, %w, %b stride 2 nchw : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %d = fasternet.patch_conv %e, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %f = fasternet.patch_conv %d, %w, %b stride 2 : (tensor<1x2x2x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  %r = fasternet.head relu %f, %m : (tensor<1x1x1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

