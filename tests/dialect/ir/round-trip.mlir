// Every op and attribute prints as it parses, in the custom and in the generic form.
// RUN: %opt %s -o %t.once && %opt %t.once | diff %t.once -
// RUN: %opt %s --mlir-print-op-generic | %opt | diff %t.once -
// RUN: FileCheck %s --input-file %t.once

// CHECK-COUNT-3: func.func

func.func @imported(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %scale = "fasternet.weight"() {name = "n.weight", value = dense<[2.0, 4.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %nb = "fasternet.weight"() {name = "n.bias", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "fasternet.weight"() {name = "n.running_mean", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "fasternet.weight"() {name = "n.running_var", value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %p = "fasternet.weight"() {name = "p", value = dense<1.0> : tensor<1x1x3x3xf32>} : () -> tensor<1x1x3x3xf32>
  %i = fasternet.to_nhwc %x : tensor<1x2x8x8xf32> -> tensor<1x8x8x2xf32>
  %e = fasternet.conv2d %i, %w bias %b stride 2 : (tensor<1x8x8x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %n = fasternet.batch_norm %e, %scale, %b, %mean, %var epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %q = fasternet.partial_conv %n, %p : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x4x2xf32>
  %h = fasternet.pointwise %q, %m bias %b : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %g = fasternet.activation gelu %h : tensor<1x4x4x2xf32>
  %s = fasternet.layer_scale %g, %scale : (tensor<1x4x4x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %d = fasternet.add %n, %s : tensor<1x4x4x2xf32>
  %u = fasternet.to_nchw %d : tensor<1x4x4x2xf32> -> tensor<1x2x4x4xf32>
  %o = fasternet.global_pool %d : tensor<1x4x4x2xf32> -> tensor<1x2xf32>
  %r = fasternet.linear %o, %m bias %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}

func.func @fused(%x: tensor<1x2x8x8xf32>) -> tensor<1x2xf32> {
  %w = "fasternet.weight"() {name = "w", value = dense<3.0> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %m = "fasternet.weight"() {name = "m", value = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %e = fasternet.patch_conv %x, %w, %b stride 2 nchw : (tensor<1x2x8x8xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  %d = fasternet.patch_conv %e, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %f = fasternet.patch_conv %d, %w, %b stride 2 : (tensor<1x2x2x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  %r = fasternet.head gelu %f, %m : (tensor<1x1x1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %z = fasternet.affine %e, %b, %b : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return %r : tensor<1x2xf32>
}

fasternet.kernel @half spec "affine-n1-4x4-c2-f16-w16" arguments [#fasternet.argument<input of f16, min = [0, 0], extent = [2, 4], stride = [1, 2], offset = 8>]

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32" arguments [#fasternet.argument<input, min = [0, 0], extent = [2, 4], stride = [1, 2], offset = 8>] variants [#fasternet.variant<target = "x86-64-v3", symbol = "k_v3", callerScratch = 0, workerScratch = 64>]

fasternet.kernel @device spec "affine-n1-4x4-c2-f32-w32" variants [#fasternet.device_variant<target = "cuda-sm80", symbol = "k_sm80", cubinBytes = 0, intermediates = [1024, 64], launches = [<"first", grid = [4, 1, 1], threads = [32, 2, 1], shared = 512, arguments = [<buffer = 0, bytes = 8, value = 40>, <buffer = -1, bytes = 4, value = 7>]>, <"second", grid = [1, 1, 1], threads = [64, 1, 1], shared = 0, arguments = []>]>, #fasternet.device_variant<target = "cuda-sm75", symbol = "k_sm75", cubinBytes = 100, intermediates = [], launches = [<"only", grid = [1, 1, 1], threads = [1, 1, 1], shared = 0, arguments = []>]>]

func.func @outlined(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>) -> tensor<1x2x4x4xf32> {
  %s = fasternet.packed_weight "s" offset 0 bytes 8 : tensor<2xf32>
  %r = fasternet.call @k(%x, %s, %s) slot 128 : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return %r : tensor<1x2x4x4xf32>
}

func.func @outlined_half(%x: tensor<1x4x4x2xf16, #fasternet.border<1>>) -> tensor<1x2x4x4xf32> {
  %s = fasternet.packed_weight "s" offset 0 bytes 4 : tensor<2xf16>
  %r = fasternet.call @half(%x, %s, %s) : (tensor<1x4x4x2xf16, #fasternet.border<1>>, tensor<2xf16>, tensor<2xf16>) -> tensor<1x2x4x4xf32>
  return %r : tensor<1x2x4x4xf32>
}
