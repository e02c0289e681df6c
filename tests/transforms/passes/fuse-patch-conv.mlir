// A convolution gets a zero bias; the change of layout before it is absorbed.
// RUN: %opt %s --fuse-patch-conv | FileCheck %s
// RUN: %opt %s --fuse-patch-conv -o %t.once && %opt %t.once --fuse-patch-conv | diff %t.once -

// CHECK-LABEL: func.func @embedding
// CHECK-NOT: fasternet.to_nhwc
// CHECK: fasternet.patch_conv %arg0, {{.*}} stride 2 nchw
func.func @embedding(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x2x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %i = fasternet.to_nhwc %x : tensor<1x2x4x4xf32> -> tensor<1x4x4x2xf32>
  %r = fasternet.conv2d %i, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}


// CHECK-LABEL: func.func @merging
// CHECK: fasternet.patch_conv %arg0, {{.*}} stride 2 :
func.func @merging(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %r = fasternet.conv2d %x, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}

