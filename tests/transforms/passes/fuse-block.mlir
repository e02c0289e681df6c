// The shortcut must be the input of the partial convolution.
// RUN: %opt %s --fuse-block | FileCheck %s
// RUN: %opt %s --fuse-block -o %t.once && %opt %t.once --fuse-block | diff %t.once -

// CHECK-LABEL: func.func @block
// CHECK-NOT: fasternet.partial_conv
// CHECK: fasternet.block relu %arg0
func.func @block(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %pw = "fasternet.weight"() {name = "pc", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %a = "fasternet.weight"() {name = "a", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %ab = "fasternet.weight"() {name = "ab", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.partial_conv %x, %pw : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %p, %a bias %ab : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation relu %h : tensor<1x4x4x2xf32>
  %o = fasternet.pointwise %g, %c : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %x, %o : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @other_order
// CHECK: fasternet.block relu %arg0
func.func @other_order(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %pw = "fasternet.weight"() {name = "pc", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %a = "fasternet.weight"() {name = "a", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %ab = "fasternet.weight"() {name = "ab", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.partial_conv %x, %pw : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %p, %a bias %ab : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation relu %h : tensor<1x4x4x2xf32>
  %o = fasternet.pointwise %g, %c : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %o, %x : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @other_shortcut
// CHECK-NOT: fasternet.block
// CHECK: fasternet.add
func.func @other_shortcut(%x: tensor<1x4x4x2xf32>, %y: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %pw = "fasternet.weight"() {name = "pc", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %a = "fasternet.weight"() {name = "a", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %ab = "fasternet.weight"() {name = "ab", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.partial_conv %x, %pw : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %p, %a bias %ab : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation relu %h : tensor<1x4x4x2xf32>
  %o = fasternet.pointwise %g, %c : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %y, %o : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @second_bias
// CHECK-NOT: fasternet.block
// CHECK: fasternet.add
func.func @second_bias(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %pw = "fasternet.weight"() {name = "pc", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %a = "fasternet.weight"() {name = "a", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %ab = "fasternet.weight"() {name = "ab", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.partial_conv %x, %pw : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %p, %a bias %ab : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation relu %h : tensor<1x4x4x2xf32>
  %o = fasternet.pointwise %g, %c bias %ab : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %x, %o : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @no_first_bias
// CHECK-NOT: fasternet.block
// CHECK: fasternet.add
func.func @no_first_bias(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %pw = "fasternet.weight"() {name = "pc", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %a = "fasternet.weight"() {name = "a", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %ab = "fasternet.weight"() {name = "ab", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %c = "fasternet.weight"() {name = "c", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.partial_conv %x, %pw : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %p, %a : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation relu %h : tensor<1x4x4x2xf32>
  %o = fasternet.pointwise %g, %c : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %x, %o : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

