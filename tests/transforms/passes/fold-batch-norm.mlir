// The norm with scale [2, 4], mean 3, variance 3, epsilon 1 is x * [1, 2] + [-2, -5].
// RUN: %opt %s --fold-batch-norm | FileCheck %s
// RUN: %opt %s --fold-batch-norm -o %t.once && %opt %t.once --fold-batch-norm | diff %t.once -

// CHECK-LABEL: func.func @product
// CHECK-NOT: fasternet.batch_norm
// CHECK: fasternet.pointwise %{{.*}}, %{{.*}} bias
func.func @product(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.pointwise %x, %w : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.batch_norm %p, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @convolution
// CHECK-NOT: fasternet.batch_norm
// CHECK: fasternet.patch_conv
func.func @convolution(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.conv2d %x, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %r = fasternet.batch_norm %p, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}


// The product has another reader.
// CHECK-LABEL: func.func @second_use
// CHECK: fasternet.batch_norm
func.func @second_use(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.pointwise %x, %w : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %n = fasternet.batch_norm %p, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %p, %n : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// The norm of a feature output follows a sum.
// CHECK-LABEL: func.func @after_sum
// CHECK: fasternet.batch_norm
func.func @after_sum(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.add %x, %x : tensor<1x4x4x2xf32>
  %r = fasternet.batch_norm %p, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// The folded values stand in the resources: two rows [3, 3] and [6, 6], the bias [-2, -5]; with an old bias of 1 it
// becomes [-1, -3].
// CHECK-LABEL: func.func @old_bias
// CHECK: fasternet.patch_conv
func.func @old_bias(%x: tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = "fasternet.weight"() {name = "o", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %ob = "fasternet.weight"() {name = "ob", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.conv2d %x, %w bias %ob stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %r = fasternet.batch_norm %p, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}


// CHECK-DAG: w.bias: "0x04000000000000C00000A0C0"
// CHECK-DAG: o.bias: "0x04000000000080BF000040C0"
// CHECK-DAG: {{w|w_1}}: "0x0400000000004040000040400000C0400000C040"
