// A layer scale multiplies the rows of the product before it.
// RUN: %opt %s --fold-layer-scale | FileCheck %s
// RUN: %opt %s --fold-layer-scale -o %t.once && %opt %t.once --fold-layer-scale | diff %t.once -

// CHECK-LABEL: func.func @product
// CHECK-NOT: fasternet.layer_scale
// CHECK: fasternet.pointwise
func.func @product(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %s = "fasternet.weight"() {name = "s", value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.pointwise %x, %w : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.layer_scale %p, %s : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK-LABEL: func.func @second_use
// CHECK: fasternet.layer_scale
func.func @second_use(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %s = "fasternet.weight"() {name = "s", value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %p = fasternet.pointwise %x, %w : (tensor<1x4x4x2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  %n = fasternet.layer_scale %p, %s : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %r = fasternet.add %p, %n : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}


// CHECK: w: "0x0400000000004040000040400000C0400000C040"
