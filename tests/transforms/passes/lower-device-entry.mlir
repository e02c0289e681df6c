// The model's function becomes launches with all their addresses, and public functions; nothing but the LLVM dialect
// is left. The second kernel's intermediates lie at 0 and 256 of the scratch.
// RUN: %opt %s --lower-device-entry | FileCheck %s --implicit-check-not=fasternet. --implicit-check-not=func.func
// RUN: %opt %s --lower-device-entry | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=DATA

// CHECK-DAG: llvm.func @tiny_cuda_init(
// CHECK-DAG: llvm.func @tiny_cuda_run(
// CHECK-DAG: llvm.func @tiny_cuda_run_device(
// CHECK-DAG: llvm.func @tiny_cuda_done(
// CHECK-DAG: llvm.mlir.global {{.*}}@tiny_cuda_model

// Modules: machine code where there is some.
// DATA-DAG: @modules_cuda-sm90 = {{.*}}{ ptr @tiny_cuda_patch_sm90_ptx, ptr @tiny_cuda_patch_sm90_cubin, i64 640 }, { ptr, ptr, i64 } { ptr @tiny_cuda_head_sm90_ptx, ptr @tiny_cuda_head_sm90_cubin, i64 320 }
// DATA-DAG: @modules_cuda-sm80 = {{.*}}{ ptr @tiny_cuda_patch_sm80_ptx, ptr null, i64 0 }
// Functions: module, most shared memory.
// DATA-DAG: @functions_cuda-sm90 = {{.*}}{ i32 0, i32 0, ptr {{.*}}{ i32 1, i32 0, ptr {{.*}}{ i32 1, i32 50000,
// The embedding reads the input (4) and weights (1) and writes the arena (2) behind its border.
// DATA-DAG: @arguments_cuda-sm90_0 = {{.*}}{ i16 4, i16 0, i32 8, i64 0 }, {{.*}}{ i16 1, i16 0, i32 8, i64 0 }, {{.*}}{ i16 1, i16 0, i32 8, i64 64 }, {{.*}}{ i16 2, i16 0, i32 8, i64 40 }
// DATA-DAG: @arguments_cuda-sm90_1 = {{.*}}{ i16 2, i16 0, i32 8, i64 0 }, {{.*}}{ i16 3, i16 0, i32 8, i64 0 }
// The product: an intermediate (3), weights, the output (5), a scalar (0).
// DATA-DAG: @arguments_cuda-sm90_2 = {{.*}}{ i16 3, i16 0, i32 8, i64 264 }, {{.*}}{ i16 1, i16 0, i32 8, i64 128 }, {{.*}}{ i16 5, i16 0, i32 8, i64 0 }, {{.*}}{ i16 0, i16 0, i32 4, i64 77 }
// Launches: function, step, grid, threads, shared memory, number of parameters.
// DATA-DAG: @launches_cuda-sm90 = {{.*}}{ i32 2, i32 1, [3 x i32] [i32 3, i32 1, i32 1], [3 x i32] [i32 64, i32 1, i32 1], i32 50000, i32 4, ptr @arguments_cuda-sm90_2 }
// DATA-DAG: @device_variants = {{.*}}i32 90, i32 2, i32 3, i32 3,{{.*}}i32 80, i32 2, i32 2, i32 2,
// On the host an instance is 4096 bytes and a handle for each module and function of the larger variant.
// DATA-DAG: @tiny_cuda_model = {{.*}} i64 4136, i64 0, i64 128, i64 768, i64 192,
// DATA-DAG: @tiny_cuda_device_model = {{.*}}{ i32 1, i32 40, ptr @tiny_cuda_model, ptr @tiny_cuda_weights, i32 2, i32 0, ptr @device_variants }
module attributes {fasternet.arena_bytes = 128 : i64, fasternet.weight_bytes = 192 : i64} {
fasternet.kernel @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32 spec "patch_conv-n1-4x4-c1-o2-k2-s2-nchw-f32-w32" arguments [#fasternet.argument<input, min = [0, 0, 0, 0], extent = [4, 4, 1, 1], stride = [1, 4, 16, 16], offset = 0>, #fasternet.argument<weight, min = [0], extent = [16], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 2, kernelWidth = 2, panel = 4>>, #fasternet.argument<weight, min = [0], extent = [4], stride = [1], offset = 0, layout = <outputs = 2, inputs = 1, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>] variants [#fasternet.device_variant<target = "cuda-sm90", symbol = "tiny_cuda_patch_sm90", cubinBytes = 640, intermediates = [], launches = [<"embed", grid = [2, 1, 1], threads = [32, 1, 1], shared = 0, arguments = [<buffer = 0, bytes = 8, value = 0>, <buffer = 1, bytes = 8, value = 0>, <buffer = 2, bytes = 8, value = 0>, <buffer = 3, bytes = 8, value = 40>]>]>, #fasternet.device_variant<target = "cuda-sm80", symbol = "tiny_cuda_patch_sm80", cubinBytes = 0, intermediates = [], launches = [<"embed", grid = [2, 1, 1], threads = [32, 1, 1], shared = 0, arguments = [<buffer = 0, bytes = 8, value = 0>, <buffer = 1, bytes = 8, value = 0>, <buffer = 2, bytes = 8, value = 0>, <buffer = 3, bytes = 8, value = 40>]>]>]
fasternet.kernel @head_n1_2x2_c2_f2_o0_relu_f32_w32 spec "head-n1-2x2-c2-f2-o0-relu-f32-w32" arguments [#fasternet.argument<input, min = [0, -1, -1, 0], extent = [2, 4, 4, 1], stride = [1, 2, 8, 32], offset = 0>, #fasternet.argument<weight, min = [0], extent = [8], stride = [1], offset = 0, layout = <outputs = 2, inputs = 2, kernelHeight = 1, kernelWidth = 1, panel = 4>>, #fasternet.argument<output, min = [0, 0], extent = [2, 1], stride = [1, 2], offset = 0>] variants [#fasternet.device_variant<target = "cuda-sm90", symbol = "tiny_cuda_head_sm90", cubinBytes = 320, intermediates = [16, 300], launches = [<"mean", grid = [1, 1, 1], threads = [64, 1, 1], shared = 0, arguments = [<buffer = 0, bytes = 8, value = 0>, <buffer = 3, bytes = 8, value = 0>]>, <"product", grid = [3, 1, 1], threads = [64, 1, 1], shared = 50000, arguments = [<buffer = 4, bytes = 8, value = 8>, <buffer = 1, bytes = 8, value = 0>, <buffer = 2, bytes = 8, value = 0>, <buffer = -1, bytes = 4, value = 77>]>]>, #fasternet.device_variant<target = "cuda-sm80", symbol = "tiny_cuda_head_sm80", cubinBytes = 0, intermediates = [16], launches = [<"mean", grid = [1, 1, 1], threads = [64, 1, 1], shared = 0, arguments = [<buffer = 2, bytes = 8, value = 0>]>]>]
func.func @tiny_cuda(%x: tensor<1x1x4x4xf32>) -> tensor<1x2xf32> {
  %w = fasternet.packed_weight "w" offset 0 bytes 64 : tensor<2x1x2x2xf32>
  %b = fasternet.packed_weight "b" offset 64 bytes 16 : tensor<2xf32>
  %m = fasternet.packed_weight "m" offset 128 bytes 32 : tensor<2x2xf32>
  %e = fasternet.call @patch_conv_n1_4x4_c1_o2_k2_s2_nchw_f32_w32(%x, %w, %b) slot 0 : (tensor<1x1x4x4xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32, #fasternet.border<1>>
  %r = fasternet.call @head_n1_2x2_c2_f2_o0_relu_f32_w32(%e, %m) : (tensor<1x2x2x2xf32, #fasternet.border<1>>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
}
