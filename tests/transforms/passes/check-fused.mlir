// A layer that no kernel computes is refused by name.
// RUN: %opt %s --check-fused --verify-diagnostics

func.func @left_over(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @below {{is not part of any kernel}}
  %r = fasternet.add %x, %x : tensor<1x4x4x2xf32>
  return %r : tensor<1x4x4x2xf32>
}

