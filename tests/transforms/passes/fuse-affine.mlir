// The norm of a feature output is scale and bias.
// RUN: %opt %s --fuse-affine | FileCheck %s
// RUN: %opt %s --fuse-affine -o %t.once && %opt %t.once --fuse-affine | diff %t.once -

// CHECK-LABEL: func.func @feature
// CHECK-NOT: fasternet.batch_norm
// CHECK: fasternet.affine %arg0
func.func @feature(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32> {
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %n = fasternet.batch_norm %x, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.to_nchw %n : tensor<1x4x4x2xf32> -> tensor<1x2x4x4xf32>
  return %r : tensor<1x2x4x4xf32>
}


// CHECK-LABEL: func.func @no_norm
// CHECK: fasternet.to_nchw
func.func @no_norm(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32> {
  %r = fasternet.to_nchw %x : tensor<1x4x4x2xf32> -> tensor<1x2x4x4xf32>
  return %r : tensor<1x2x4x4xf32>
}


// CHECK-DAG: n.weight.bias: "0x04000000000000C00000A0C0"
// CHECK-DAG: n.weight.scale: "0x040000000000803F00000040"
