#include "transforms/KernelAttributes.h"

#include "support/Diagnostics.h"

using namespace mlir;
using namespace fasternet;

static ir::ArgumentRole toAttribute(KernelArgument::Role role) {
  switch (role) {
  case KernelArgument::Role::Input:
    return ir::ArgumentRole::Input;
  case KernelArgument::Role::Weight:
    return ir::ArgumentRole::Weight;
  case KernelArgument::Role::Output:
    return ir::ArgumentRole::Output;
  }
  llvm_unreachable("all roles are handled");
}

static KernelArgument::Role fromAttribute(ir::ArgumentRole role) {
  switch (role) {
  case ir::ArgumentRole::Input:
    return KernelArgument::Role::Input;
  case ir::ArgumentRole::Weight:
    return KernelArgument::Role::Weight;
  case ir::ArgumentRole::Output:
    return KernelArgument::Role::Output;
  }
  llvm_unreachable("all roles are handled");
}

ir::ArgumentAttr fasternet::toAttribute(MLIRContext *context, const KernelArgument &argument) {
  SmallVector<int32_t> minima, extents, strides;
  for (const BufferDimension &dimension : argument.dimensions) {
    minima.push_back(dimension.min);
    extents.push_back(dimension.extent);
    strides.push_back(dimension.stride);
  }
  ir::PackedAttr layout;
  if (argument.role == KernelArgument::Role::Weight) {
    const PackedLayout &packed = argument.layout;
    layout = ir::PackedAttr::get(context, packed.outputs, packed.inputs, packed.kernelHeight,
                                 packed.kernelWidth, packed.panel, packed.inputPanel);
  }
  const Type element = argument.type == ElementType::F32 ? Type() : ir::toType(context, argument.type);
  return ir::ArgumentAttr::get(context, ::toAttribute(argument.role), element, minima, extents, strides,
                               argument.elementOffset, layout);
}

PackedLayout fasternet::fromAttribute(ir::PackedAttr attribute) {
  PackedLayout layout;
  layout.outputs = attribute.getOutputs();
  layout.inputs = attribute.getInputs();
  layout.kernelHeight = attribute.getKernelHeight();
  layout.kernelWidth = attribute.getKernelWidth();
  layout.panel = attribute.getPanel();
  layout.inputPanel = attribute.getInputPanel();
  return layout;
}

KernelArgument fasternet::fromAttribute(ir::ArgumentAttr attribute) {
  KernelArgument argument;
  argument.role = ::fromAttribute(attribute.getRole());
  for (auto [min, extent, stride] :
       llvm::zip_equal(attribute.getMinima(), attribute.getExtents(), attribute.getStrides()))
    argument.dimensions.push_back({min, extent, stride});
  argument.elementOffset = attribute.getOffset();
  if (attribute.getElement())
    argument.type = ir::fromType(attribute.getElement());
  if (ir::PackedAttr layout = attribute.getLayout())
    argument.layout = fromAttribute(layout);
  return argument;
}

std::vector<KernelArgument> fasternet::attachedArguments(ir::KernelOp kernel) {
  std::vector<KernelArgument> arguments;
  if (ArrayAttr attributes = kernel.getArgumentsAttr())
    for (auto attribute : attributes.getAsRange<ir::ArgumentAttr>())
      arguments.push_back(fromAttribute(attribute));
  return arguments;
}

static Attribute toVariant(MLIRContext *context, const CompiledKernel &kernel) {
  return ir::VariantAttr::get(context, kernel.target, kernel.symbol, kernel.callerScratchBytes,
                              kernel.workerScratchBytes);
}

static Attribute toVariant(MLIRContext *context, const DeviceKernel &kernel) {
  SmallVector<ir::LaunchAttr> launches;
  for (const DeviceLaunch &launch : kernel.launches) {
    SmallVector<ir::LaunchArgumentAttr> arguments;
    for (const LaunchArgument &argument : launch.arguments)
      arguments.push_back(
          argument.buffer >= 0
              ? ir::LaunchArgumentAttr::get(context, argument.buffer, 8, uint64_t(argument.byteOffset))
              : ir::LaunchArgumentAttr::get(context, -1, argument.scalarBytes, argument.scalar));
    launches.push_back(ir::LaunchAttr::get(context, launch.function, launch.grid, launch.threads,
                                           launch.sharedBytes, arguments));
  }
  return ir::DeviceVariantAttr::get(context, kernel.target, kernel.symbol, int64_t(kernel.cubin.size()),
                                    kernel.intermediateBytes, launches);
}

template <typename Kernel> static llvm::Error attach(ir::KernelOp kernel, llvm::ArrayRef<Kernel> variants) {
  if (variants.empty())
    return inputError("kernel " + kernel.getSpec() + ": no compiled variant to attach");
  for (const Kernel &variant : variants) {
    if (variant.spec.text() != kernel.getSpec())
      return inputError("kernel " + kernel.getSpec() + ": the variant for " + variant.target +
                        " was compiled from " + variant.spec.text());
    if (variant.arguments != variants.front().arguments)
      return inputError("kernel " + kernel.getSpec() + ": the variants for " + variants.front().target +
                        " and " + variant.target +
                        " differ in their arguments, so they cannot share tensors");
  }

  MLIRContext *context = kernel.getContext();
  SmallVector<Attribute> arguments, forms;
  for (const KernelArgument &argument : variants.front().arguments)
    arguments.push_back(toAttribute(context, argument));
  for (const Kernel &variant : variants)
    forms.push_back(toVariant(context, variant));
  kernel.setArgumentsAttr(ArrayAttr::get(context, arguments));
  kernel.setVariantsAttr(ArrayAttr::get(context, forms));
  return llvm::Error::success();
}

llvm::Error fasternet::attachCompiled(ir::KernelOp kernel, llvm::ArrayRef<CompiledKernel> variants) {
  return attach(kernel, variants);
}

llvm::Error fasternet::attachCompiled(ir::KernelOp kernel, llvm::ArrayRef<DeviceKernel> variants) {
  return attach(kernel, variants);
}
