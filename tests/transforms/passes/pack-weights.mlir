// Each weight is packed once for each layout, at multiples of 64 bytes, in the order in which calls read them.
// RUN: %opt %s --pack-weights=output=%t.blob | FileCheck %s
// RUN: od -A d -t f4 -v -w16 %t.blob | FileCheck %s --check-prefix=BLOB
// RUN: %opt %s --pack-weights -o %t.once && %opt %t.once --pack-weights | diff %t.once -

// CHECK: module attributes {fasternet.weight_bytes = 192 : i64}
// CHECK-NOT: fasternet.weight "
// CHECK-DAG: %[[W:.*]] = fasternet.packed_weight "w" offset 0 bytes 64 : tensor<2x1x2x2xf32>
// CHECK-DAG: %[[B:.*]] = fasternet.packed_weight "b" offset 64 bytes 16 : tensor<2xf32>
// CHECK-DAG: %[[M:.*]] = fasternet.packed_weight "m" offset 128 bytes 32 : tensor<2x2xf32>
// CHECK: call @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32(%arg0, %[[W]], %[[B]])
// CHECK: call @head_n1_2x2_c2_f2_o0_relu_f32_w32({{.*}}, %[[M]])

// One row for each input and window position: two outputs, two lanes of padding.
// BLOB:      0000000 1 5 0 0{{$}}
// BLOB-NEXT: 0000016 2 6 0 0{{$}}
// BLOB-NEXT: 0000032 3 7 0 0{{$}}
// BLOB-NEXT: 0000048 4 8 0 0{{$}}
// BLOB-NEXT: 0000064 9 10 0 0{{$}}
// BLOB:      0000128 1 3 0 0{{$}}
// BLOB-NEXT: 0000144 2 4 0 0{{$}}
// BLOB:      {{^}}0000192
fasternet.kernel @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-4x4-c1-o2-k2-s2-nchw-f32-w32" arguments [#fasternet.argument<input, min = [0, 0, 0, 0], extent = [4, 4, 1, 1], stride = [1, 4, 16, 16], offset = 0>, #fasternet.argument<weight, min = [0], extent = [16], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 2, kernelWidth = 2, panel = 4>>, #fasternet.argument<weight, min = [0], extent = [4], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>] variants [#fasternet.variant<target = "x86-64-v3", symbol = "tiny_patch_v3", callerScratch = 0, workerScratch = 100>]
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f32_w32 spec "head-n1-2x2-c2-f2-o0-relu-f32-w32" arguments [#fasternet.argument<input, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.variant<target = "x86-64-v3", symbol = "tiny_head_v3", callerScratch = 0, workerScratch = 0>]
func.func @tiny(%x: tensor<1x1x4x4xf32>) -> tensor<1x2xf32> {
  %m = "fasternet.weight"() {name = "m", value = dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %w = "fasternet.weight"() {name = "w", value = dense<[[[[1.0, 2.0], [3.0, 4.0]]], [[[5.0, 6.0], [7.0, 8.0]]]]> : tensor<2x1x2x2xf32>} : () -> tensor<2x1x2x2xf32>
  %b = "fasternet.weight"() {name = "b", value = dense<[9.0, 10.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %e = fasternet.call @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32(%x, %w, %b) : (tensor<1x1x4x4xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32, #fasternet.border<1>>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f32_w32(%e, %m) : (tensor<1x2x2x2xf32, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
