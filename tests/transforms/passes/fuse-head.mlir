// With and without a classifier.
// RUN: %opt %s --fuse-head | FileCheck %s
// RUN: %opt %s --fuse-head -o %t.once && %opt %t.once --fuse-head | diff %t.once -

// CHECK-LABEL: func.func @classifier
// CHECK: fasternet.head relu %arg0, {{.*}} classifier
func.func @classifier(%x: tensor<1x4x4x2xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.global_pool %x : tensor<1x4x4x2xf32> -> tensor<1x2xf32>
  %l = fasternet.linear %p, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %a = fasternet.activation relu %l : tensor<1x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %r = fasternet.linear %a, %w bias %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}


// CHECK-LABEL: func.func @features
// CHECK: fasternet.head relu %arg0, %{{[0-9a-z]+}} :
func.func @features(%x: tensor<1x4x4x2xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.global_pool %x : tensor<1x4x4x2xf32> -> tensor<1x2xf32>
  %l = fasternet.linear %p, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %a = fasternet.activation relu %l : tensor<1x2xf32>
  return %a : tensor<1x2xf32>
}


// CHECK-LABEL: func.func @no_activation
// CHECK-NOT: fasternet.head
// CHECK: fasternet.global_pool
func.func @no_activation(%x: tensor<1x4x4x2xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = fasternet.global_pool %x : tensor<1x4x4x2xf32> -> tensor<1x2xf32>
  %l = fasternet.linear %p, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %l : tensor<1x2xf32>
}

