// From IR to plain data, with every check that lowering relies on.
#include "transforms/EntryDescription.h"

#include "dialect/FasternetOps.h"
#include "support/RuntimeAbi.h"
#include "targets/Targets.h"
#include "transforms/KernelAttributes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace fasternet;

namespace {

using Address = EntryDescription::Address;

/// Elements in memory: with border, or those of the packed form.
int64_t storedElements(Value value) {
  if (auto weight = value.getDefiningOp<ir::PackedWeightOp>())
    return weight.getBytes() / int64_t(sizeof(float));
  auto type = cast<RankedTensorType>(value.getType());
  auto border = dyn_cast_or_null<ir::BorderAttr>(type.getEncoding());
  int64_t elements = 1;
  for (auto [axis, extent] : llvm::enumerate(type.getShape()))
    elements *= extent + (border && (axis == 1 || axis == 2) ? 2 * border.getPixels() : 0);
  return elements;
}

/// Collects a description; each part emits its own errors.
class Describer {
public:
  explicit Describer(ModuleOp module) : module(module) {}

  FailureOr<EntryDescription> describe() {
    FailureOr<func::FuncOp> found = modelFunction(module);
    if (failed(found))
      return failure();
    function = *found;
    FailureOr<EntryLayout> layout = entryLayout(module);
    if (failed(layout))
      return failure();
    entry.layout = *layout;
    entry.name = function.getSymName().str();
    if (failed(describeInterface()))
      return failure();
    for (ir::KernelOp kernel : module.getOps<ir::KernelOp>())
      if (failed(describeKernel(kernel)))
        return failure();
    for (Operation &op : function.getOps())
      if (failed(describeOp(op)))
        return failure();
    return std::move(entry);
  }

private:
  LogicalResult describeInterface();
  LogicalResult describeTensor(Type type, const Twine &what, std::vector<std::vector<int64_t>> &shapes);
  LogicalResult describeKernel(ir::KernelOp kernel);
  LogicalResult describeVariants(ir::KernelOp kernel, EntryDescription::Kernel &description);
  LogicalResult describeOp(Operation &op);
  LogicalResult describeCall(ir::CallOp call);
  LogicalResult checkArgument(ir::CallOp call, size_t index, Value value, const KernelArgument &argument);

  ModuleOp module;
  func::FuncOp function;
  EntryDescription entry;
  llvm::DenseMap<Value, Address> addresses;
  llvm::StringMap<size_t> kernelIndex;
};

LogicalResult Describer::describeTensor(Type type, const Twine &what, std::vector<std::vector<int64_t>> &shapes) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || !tensor.getElementType().isF32() || tensor.getEncoding() ||
      (tensor.getRank() != 2 && tensor.getRank() != 4))
    return function.emitError(what) << " of the model has type " << type
                                    << "; allowed are static f32 tensors of rank 2 or 4 without border";
  shapes.push_back(tensor.getShape().vec());
  return success();
}

LogicalResult Describer::describeInterface() {
  FunctionType type = function.getFunctionType();
  if (type.getNumInputs() != 1 || type.getNumResults() == 0)
    return function.emitError("the model has ") << type.getNumInputs() << " inputs and " << type.getNumResults()
                                                << " outputs; supported are one input and one or more outputs";
  if (failed(describeTensor(type.getInput(0), "the input", entry.inputs)))
    return failure();
  addresses[function.getArgument(0)] = {Address::Base::Input, 0, 0};

  auto results = cast<func::ReturnOp>(function.front().getTerminator());
  for (auto [index, value] : llvm::enumerate(results.getOperands())) {
    if (failed(describeTensor(value.getType(), "output " + Twine(index), entry.outputs)))
      return failure();
    if (!value.getDefiningOp<ir::CallOp>())
      return results.emitError("output ") << index << " is not the result of a call, so nothing would write it";
    if (!addresses.try_emplace(value, Address{Address::Base::Output, int64_t(index), 0}).second)
      return results.emitError("output ") << index << " is returned twice; each output needs a call of its own";
  }
  return success();
}

LogicalResult Describer::describeKernel(ir::KernelOp kernel) {
  EntryDescription::Kernel description;
  llvm::Expected<KernelSpec> spec = KernelSpec::parse(kernel.getSpec());
  if (!spec)
    return kernel.emitError(llvm::toString(spec.takeError()));
  if (spec->activations != ElementType::F32 || spec->weights != ElementType::F32)
    return kernel.emitError("has element types other than f32, which the entry does not pass");
  description.spec = *spec;
  description.arguments = attachedArguments(kernel);
  if (failed(describeVariants(kernel, description)))
    return failure();
  kernelIndex[kernel.getSymName()] = entry.kernels.size();
  entry.kernels.push_back(std::move(description));
  return success();
}

LogicalResult Describer::describeVariants(ir::KernelOp kernel, EntryDescription::Kernel &description) {
  std::vector<EntryDescription::Variant> variants;
  for (auto variant : kernel.getVariantsAttr().getAsRange<ir::VariantAttr>()) {
    const Target *target = findTarget(variant.getTarget());
    if (!target)
      return kernel.emitError("has a variant for the unknown target '") << variant.getTarget() << "'";
    variants.push_back({variant.getTarget().str(), target->cpuFeatureBits});
    description.symbols.push_back(variant.getSymbol().str());
  }
  if (entry.kernels.empty())
    entry.variants = variants;
  auto targets = [](const std::vector<EntryDescription::Variant> &variants) {
    return llvm::join(llvm::map_range(variants, [](const auto &variant) { return variant.target; }), ", ");
  };
  if (targets(variants) != targets(entry.variants) || variants.empty())
    return kernel.emitError("has variants for [") << targets(variants) << "], the first kernel for ["
                                                  << targets(entry.variants)
                                                  << "]; all kernels need the same ones, at least one";
  return success();
}

LogicalResult Describer::describeOp(Operation &op) {
  if (auto call = dyn_cast<ir::CallOp>(op))
    return describeCall(call);
  if (auto weight = dyn_cast<ir::PackedWeightOp>(op)) {
    int64_t end;
    if (weight.getOffset() < 0 || llvm::AddOverflow(int64_t(weight.getOffset()), int64_t(weight.getBytes()), end) ||
        end > entry.layout.weightBytes)
      return weight.emitError("lies outside the blob of ") << entry.layout.weightBytes << " bytes";
    addresses[weight.getResult()] = {Address::Base::Weights, 0, int64_t(weight.getOffset())};
    return success();
  }
  if (isa<func::ReturnOp>(op))
    return success();
  if (isa<ir::WeightOp>(op) && op.use_empty())
    return success();
  return op.emitError("cannot be lowered: only calls of kernels and packed weights can");
}

LogicalResult Describer::describeCall(ir::CallOp call) {
  EntryDescription::Step step;
  step.kernel = kernelIndex.lookup(call.getKernel()); // exists: the call's verifier has looked
  const EntryDescription::Kernel &kernel = entry.kernels[step.kernel];
  if (!addresses.count(call.getResult())) {
    if (!call.getSlot())
      return call.emitError("has no slot: plan-memory must run first");
    int64_t slot = int64_t(*call.getSlot()), bytes = storedElements(call.getResult()) * int64_t(sizeof(float));
    if (slot < 0 || slot % abi::alignment != 0 || slot > entry.layout.arenaBytes - bytes)
      return call.emitError("slot ") << slot << " of " << bytes << " bytes does not fit the arena of "
                                     << entry.layout.arenaBytes << " bytes in units of " << abi::alignment;
    addresses[call.getResult()] = {Address::Base::Arena, 0, slot};
  }
  SmallVector<Value> tensors(call->getOperands());
  tensors.push_back(call.getResult());
  if (tensors.size() != kernel.arguments.size())
    return call.emitError("kernel ") << call.getKernelAttr() << " has " << kernel.arguments.size()
                                     << " arguments attached, the call needs " << tensors.size();
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    auto address = addresses.find(tensor);
    if (address == addresses.end())
      return call.emitError("operand ") << index << " has no address: pack-weights must run first";
    step.tensors.push_back(address->second);
    if (failed(checkArgument(call, index, tensor, kernel.arguments[index])))
      return failure();
  }
  entry.steps.push_back(std::move(step));
  return success();
}

LogicalResult Describer::checkArgument(ir::CallOp call, size_t index, Value value, const KernelArgument &argument) {
  using Role = KernelArgument::Role;
  bool isResult = value == call.getResult();
  bool isWeight = addresses[value].base == Address::Base::Weights;
  Role needed = isResult ? Role::Output : isWeight ? Role::Weight : Role::Input;
  if (argument.role != needed)
    return call.emitError("argument ") << index << " of " << call.getKernelAttr()
                                       << " has another role than the call's operand";
  __int128 first = argument.elementOffset, last = argument.elementOffset;
  for (const BufferDimension &dimension : argument.dimensions) {
    __int128 reach = __int128(dimension.extent - int64_t(1)) * dimension.stride;
    (reach < 0 ? first : last) += reach;
  }
  int64_t elements = storedElements(value);
  if (first < 0 || last >= elements)
    return call.emitError("argument ") << index << " of " << call.getKernelAttr() << " reaches elements "
                                       << int64_t(first) << " to " << int64_t(last) << " of a tensor of " << elements;
  return success();
}

} // namespace

FailureOr<EntryDescription> fasternet::describeEntry(ModuleOp module) { return Describer(module).describe(); }
