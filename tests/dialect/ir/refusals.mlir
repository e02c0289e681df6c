// One refusal for each constraint of the ops' descriptions.
// RUN: %opt %s --split-input-file --verify-diagnostics

func.func @case0(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x1xf32>) {
  // expected-error @below {{(conv2d.square-window)}}
  %r = fasternet.conv2d %i, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x1xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case1(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>) {
  // expected-error @below {{(conv2d.positive-stride)}}
  %r = fasternet.conv2d %i, %w stride 0 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case2(%i: tensor<1x4x4x2xf32>, %w: tensor<2x3x2x2xf32>) {
  // expected-error @below {{(conv2d.channels)}}
  %r = fasternet.conv2d %i, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x3x2x2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case3(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x5x5xf32>) {
  // expected-error @below {{(conv2d.window-fits)}}
  %r = fasternet.conv2d %i, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x5x5xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case4(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{(conv2d.bias-length)}}
  %r = fasternet.conv2d %i, %w bias %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<3xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case5(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>) {
  // expected-error @below {{(conv2d.result-shape)}}
  %r = fasternet.conv2d %i, %w stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case6(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x1xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(patch_conv.square-window)}}
  %r = fasternet.patch_conv %i, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case7(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(patch_conv.positive-stride)}}
  %r = fasternet.patch_conv %i, %w, %b stride 0 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case8(%i: tensor<1x4x4x2xf32>, %w: tensor<2x3x2x2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(patch_conv.channels)}}
  %r = fasternet.patch_conv %i, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x3x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case9(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x5x5xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(patch_conv.window-fits)}}
  %r = fasternet.patch_conv %i, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x5x5xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case10(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{(patch_conv.bias-length)}}
  %r = fasternet.patch_conv %i, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<3xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @case11(%i: tensor<1x4x4x2xf32>, %w: tensor<2x2x2x2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(patch_conv.result-shape)}}
  %r = fasternet.patch_conv %i, %w, %b stride 2 : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case12(%x: tensor<1x4x4x2xf32>, %a: tensor<3xf32>, %b: tensor<2xf32>, %c: tensor<2xf32>, %d: tensor<2xf32>) {
  // expected-error @below {{(batch_norm.channels)}}
  %r = fasternet.batch_norm %x, %a, %b, %c, %d epsilon 1.0 : (tensor<1x4x4x2xf32>, tensor<3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case13(%x: tensor<1x4x4x2xf32>, %a: tensor<2xf32>, %b: tensor<2xf32>, %c: tensor<2xf32>, %d: tensor<2xf32>) {
  // expected-error @below {{(batch_norm.epsilon)}}
  %r = fasternet.batch_norm %x, %a, %b, %c, %d epsilon 0.0 : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case14(%x: tensor<1x4x4x2xf32>, %w: tensor<1x1x2x2xf32>) {
  // expected-error @below {{(partial_conv.weight-shape)}}
  %r = fasternet.partial_conv %x, %w : (tensor<1x4x4x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case15(%x: tensor<1x4x4x2xf32>, %w: tensor<3x3x3x3xf32>) {
  // expected-error @below {{(partial_conv.partial-channels)}}
  %r = fasternet.partial_conv %x, %w : (tensor<1x4x4x2xf32>, tensor<3x3x3x3xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case16(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3xf32>) {
  // expected-error @below {{(pointwise.shapes)}}
  %r = fasternet.pointwise %x, %w : (tensor<1x4x4x2xf32>, tensor<2x3xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case17(%x: tensor<1x4x4x2xf32>, %w: tensor<2x2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{(pointwise.bias-length)}}
  %r = fasternet.pointwise %x, %w bias %b : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<3xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case18(%x: tensor<1x4x4x2xf32>, %s: tensor<3xf32>) {
  // expected-error @below {{(layer_scale.channels)}}
  %r = fasternet.layer_scale %x, %s : (tensor<1x4x4x2xf32>, tensor<3xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case19(%x: tensor<1x2xf32>, %w: tensor<2x3xf32>) {
  // expected-error @below {{(linear.shapes)}}
  %r = fasternet.linear %x, %w : (tensor<1x2xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return
}

// -----

func.func @case20(%x: tensor<1x2xf32>, %w: tensor<2x2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{(linear.bias-length)}}
  %r = fasternet.linear %x, %w bias %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<3xf32>) -> tensor<1x2xf32>
  return
}

// -----

func.func @case21(%x: tensor<1x4x4x2xf32>, %p: tensor<1x1x2x2xf32>, %a: tensor<2x2xf32>, %b: tensor<2xf32>, %c: tensor<2x2xf32>) {
  // expected-error @below {{(block.partial-weight)}}
  %r = fasternet.block relu %x, %p, %a, %b, %c : (tensor<1x4x4x2xf32>, tensor<1x1x2x2xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case22(%x: tensor<1x4x4x2xf32>, %p: tensor<3x3x3x3xf32>, %a: tensor<2x2xf32>, %b: tensor<2xf32>, %c: tensor<2x2xf32>) {
  // expected-error @below {{(block.partial-channels)}}
  %r = fasternet.block relu %x, %p, %a, %b, %c : (tensor<1x4x4x2xf32>, tensor<3x3x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case23(%x: tensor<1x4x4x2xf32>, %p: tensor<1x1x3x3xf32>, %a: tensor<2x2xf32>, %b: tensor<2xf32>, %c: tensor<2x3xf32>) {
  // expected-error @below {{(block.products)}}
  %r = fasternet.block relu %x, %p, %a, %b, %c : (tensor<1x4x4x2xf32>, tensor<1x1x3x3xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2x3xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case24(%x: tensor<1x4x4x2xf32>, %w: tensor<2x3xf32>) {
  // expected-error @below {{(head.shapes)}}
  %r = fasternet.head relu %x, %w : (tensor<1x4x4x2xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return
}

// -----

func.func @case25(%x: tensor<1x4x4x2xf32>, %w: tensor<2x2xf32>, %c: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(head.classifier)}}
  %r = fasternet.head relu %x, %w classifier %c, %b : (tensor<1x4x4x2xf32>, tensor<2x2xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return
}

// -----

func.func @case26(%x: tensor<1x4x4x2xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(affine.shapes)}}
  %r = fasternet.affine %x, %s, %b : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @case27(%x: tensor<1x4x4x2xf32>, %s: tensor<3xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(affine.channels)}}
  %r = fasternet.affine %x, %s, %b : (tensor<1x4x4x2xf32>, tensor<3xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @to_nhwc(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{(to_nhwc.shapes)}}
  %r = fasternet.to_nhwc %x : tensor<1x4x4x2xf32> -> tensor<1x2x4x4xf32>
  return
}

// -----

func.func @to_nchw(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{(to_nchw.shapes)}}
  %r = fasternet.to_nchw %x : tensor<1x4x4x2xf32> -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @global_pool(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{(global_pool.shapes)}}
  %r = fasternet.global_pool %x : tensor<1x4x4x2xf32> -> tensor<1x3xf32>
  return
}

// -----

func.func @weight() {
  // expected-error @below {{(weight.value-type)}}
  %r = "fasternet.weight"() {name = "w", value = dense<1.0> : tensor<3xf32>} : () -> tensor<2xf32>
  return
}

// -----

func.func @packed() {
  // expected-error @below {{(packed_weight.place)}}
  %r = fasternet.packed_weight "w" offset 1 bytes 8 : tensor<2xf32>
  return
}

// -----

// expected-error @below {{(kernel.spec-parses)}}
fasternet.kernel @k spec "nonsense"

// -----

// expected-error @below {{(kernel.argument-kind)}}
fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32" arguments [1]

// -----

// expected-error @below {{(kernel.variant-kind)}}
fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32" variants [1]

// -----

// expected-error @below {{(launch_argument.scalar) a scalar of 3 bytes}}
#argument = #fasternet.launch_argument<buffer = -1, bytes = 3, value = 0>

// -----

// expected-error @below {{(launch_argument.scalar) a buffer of 4 bytes}}
#argument = #fasternet.launch_argument<buffer = 2, bytes = 4, value = 0>

// -----

// expected-error @below {{(launch.extents) launch of f: grid and threads need three extents, each at least 1}}
#launch = #fasternet.launch<"f", grid = [1, 1, 0], threads = [1, 1, 1], shared = 0, arguments = []>

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32"
func.func @f(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.kernel-exists)}}
  %r = fasternet.call @other(%x, %s, %b) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32"
func.func @f(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>, %s: tensor<2xf32>) {
  // expected-error @below {{(call.operand-count)}}
  %r = fasternet.call @k(%x, %s) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32"
func.func @f(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.shapes)}}
  %r = fasternet.call @k(%x, %s, %b) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x5xf32>
  return
}

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f16-w16"
func.func @f(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.elements) input has elements of type 'f32', expected 'f16'}}
  %r = fasternet.call @k(%x, %s, %b) : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32"
func.func @f(%x: tensor<1x4x4x2xf32>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.border)}}
  %r = fasternet.call @k(%x, %s, %b) : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

fasternet.kernel @k spec "affine-n1-4x4-c2-f32-w32"
func.func @f(%x: tensor<1x4x4x2xf32, #fasternet.border<1>>, %s: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.clears-border) the result has no border}}
  %r = fasternet.call @k(%x, %s, %b) slot 0 clears_border : (tensor<1x4x4x2xf32, #fasternet.border<1>>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  return
}

// -----

fasternet.kernel @k spec "patch_conv-n1-4x4-c1-o2-k2-s2-nchw-f32-w32"
func.func @f(%x: tensor<1x1x4x4xf32>, %w: tensor<2x1x2x2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{(call.clears-border) the result has no slot}}
  %r = fasternet.call @k(%x, %w, %b) clears_border : (tensor<1x1x4x4xf32>, tensor<2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32, #fasternet.border<1>>
  return
}

// -----

// expected-error @below {{(border.pixels)}}
func.func private @f(tensor<1x4x4x2xf32, #fasternet.border<0>>)

// -----

// expected-error @below {{(border.rank)}}
func.func private @f(tensor<4x2xf32, #fasternet.border<1>>)

// -----

// expected-error @below {{(argument.element)}}
"builtin.module"() ({}) {a = #fasternet.argument<input of i16, min = [0], extent = [1], stride = [1], offset = 0>} : () -> ()

// -----

// expected-error @below {{(argument.same-rank)}}
"builtin.module"() ({}) {a = #fasternet.argument<input, min = [0, 0], extent = [1], stride = [1], offset = 0>} : () -> ()

// -----

func.func @weight_without_values() {
  // expected-error @below {{(weight.value-held)}}
  %r = "fasternet.weight"() {name = "w", value = dense_resource<missing> : tensor<2xf32>} : () -> tensor<2xf32>
  return
}
