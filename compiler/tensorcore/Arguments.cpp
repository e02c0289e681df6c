// Buffer arguments of the tensor-core kernels: the tensors of every kernel, weights in slices of 16 bytes.
#include "tensorcore/Product.h"
#include "tensorcore/TensorCore.h"

#include "kernels/KernelArguments.h"

using namespace fasternet;
using tensorcore::sliceElements;

namespace {

BufferDimension dimension(int64_t extent, int64_t stride) {
  return {0, int32_t(extent), int32_t(stride)};
}

/// Input, lane, panel of inputs, x and y of the window, panel of outputs.
void layInSlices(KernelArgument &argument, ElementType type) {
  PackedLayout &layout = argument.layout;
  layout.panel = tensorcore::panelOutputs;
  layout.inputPanel = sliceElements(type);
  const int64_t matrix = layout.panel * layout.inputPanel, tap = matrix * layout.inputPanels();
  argument.dimensions = {dimension(layout.inputPanel, 1),
                         dimension(layout.panel, layout.inputPanel),
                         dimension(layout.inputPanels(), matrix),
                         dimension(layout.kernelWidth, tap),
                         dimension(layout.kernelHeight, layout.kernelWidth * tap),
                         dimension(layout.panels(), layout.kernelHeight * layout.kernelWidth * tap)};
  argument.type = type;
}

void layAsBias(KernelArgument &argument) {
  argument.layout.panel = tensorcore::panelOutputs;
  argument.dimensions = {dimension(argument.layout.packedElements(), 1)};
  argument.type = ElementType::F32;
}

} // namespace

std::vector<KernelArgument> fasternet::tensorCoreArguments(const KernelSpec &spec) {
  std::vector<KernelArgument> arguments = kernelArguments(spec);
  for (KernelArgument &argument : arguments)
    if (argument.role == KernelArgument::Role::Weight) {
      if (argument.dimensions.size() > 1)
        layInSlices(argument, spec.weights);
      else
        layAsBias(argument);
    }
  return arguments;
}
