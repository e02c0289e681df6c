#include "kernels/KernelArguments.h"

#include "llvm/Support/ErrorHandling.h"

using namespace fasternet;

namespace {

using Role = KernelArgument::Role;

BufferDimension dimension(int64_t min, int64_t extent, int64_t stride) {
  return {int32_t(min), int32_t(extent), int32_t(stride)};
}

/// The whole slot for an input, its interior for an output.
KernelArgument nhwc(Role role, int64_t channels, int64_t width, int64_t height, int64_t batch) {
  const int64_t border = KernelSpec::borderPixels;
  const int64_t row = (width + 2 * border) * channels, image = (height + 2 * border) * row;
  const int64_t margin = role == Role::Input ? border : 0;
  KernelArgument argument{role, {}, role == Role::Input ? 0 : border * row + border * channels, {}};
  argument.dimensions = {dimension(0, channels, 1), dimension(-margin, width + 2 * margin, channels),
                         dimension(-margin, height + 2 * margin, row), dimension(0, batch, image)};
  return argument;
}

KernelArgument nchw(Role role, int64_t channels, int64_t width, int64_t height, int64_t batch) {
  const int64_t plane = width * height;
  return {role,
          {dimension(0, width, 1), dimension(0, height, width), dimension(0, channels, plane),
           dimension(0, batch, channels * plane)},
          0,
          {}};
}

KernelArgument weight(int64_t outputs, int64_t inputs, int64_t kernel) {
  const PackedLayout layout{outputs, inputs, kernel, kernel};
  const int64_t tap = inputs * layout.panel;
  return {Role::Weight,
          {dimension(0, layout.panel, 1), dimension(0, inputs, layout.panel), dimension(0, kernel, tap),
           dimension(0, kernel, kernel * tap), dimension(0, layout.panels(), kernel * kernel * tap)},
          0,
          layout};
}

KernelArgument vector(int64_t channels) {
  const PackedLayout layout{channels};
  return {Role::Weight, {dimension(0, layout.packedElements(), 1)}, 0, layout};
}

/// All but the element types.
std::vector<KernelArgument> placesOf(const KernelSpec &spec) {
  const int64_t batch = spec.batch, height = spec.height, width = spec.width, channels = spec.channels;
  switch (spec.kind) {
  case KernelKind::PatchConv:
    return {spec.inputLayout == TensorLayout::NCHW ? nchw(Role::Input, channels, width, height, batch)
                                                   : nhwc(Role::Input, channels, width, height, batch),
            weight(spec.outputs, channels, spec.kernel), vector(spec.outputs),
            nhwc(Role::Output, spec.outputs, spec.outputWidth(), spec.outputHeight(), batch)};
  case KernelKind::Block:
    return {nhwc(Role::Input, channels, width, height, batch),
            weight(spec.partial, spec.partial, 3),
            weight(spec.hidden, channels, 1),
            vector(spec.hidden),
            weight(channels, spec.hidden, 1),
            nhwc(Role::Output, channels, width, height, batch)};
  case KernelKind::Head: {
    const int64_t values = spec.outputChannels();
    std::vector<KernelArgument> arguments = {nhwc(Role::Input, channels, width, height, batch),
                                             weight(spec.features, channels, 1)};
    if (spec.outputs > 0) {
      arguments.push_back(weight(spec.outputs, spec.features, 1));
      arguments.push_back(vector(spec.outputs));
    }
    arguments.push_back({Role::Output, {dimension(0, values, 1), dimension(0, batch, values)}, 0, {}});
    return arguments;
  }
  case KernelKind::Affine:
    return {nhwc(Role::Input, channels, width, height, batch), vector(channels), vector(channels),
            nchw(Role::Output, channels, width, height, batch)};
  }
  llvm_unreachable("covered switch");
}

} // namespace

std::vector<KernelArgument> fasternet::kernelArguments(const KernelSpec &spec) {
  std::vector<KernelArgument> arguments = placesOf(spec);
  for (KernelArgument &argument : arguments)
    argument.type = argument.role == Role::Weight  ? spec.weights
                    : argument.role == Role::Input ? spec.inputType()
                                                   : spec.outputType();
  return arguments;
}
