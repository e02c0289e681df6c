// The model's function becomes what the linker needs: the entry, a call function per kernel, the public
// functions.
#include "dialect/FasternetOps.h"
#include "support/CompiledKernel.h"
#include "transforms/EntryTables.h"
#include "transforms/KernelAttributes.h"
#include "transforms/Passes.h"

namespace fasternet {
#define GEN_PASS_DEF_LOWERENTRY
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

/// halide_type_code_t of floating-point numbers (HalideRuntime.h).
constexpr int64_t halideFloat = 2;

class LowerEntry : public fasternet::impl::LowerEntryBase<LowerEntry> {
  void runOnOperation() override;
};

class Lowering {
public:
  Lowering(ModuleOp module, func::FuncOp function, EntryTables tables)
      : module(module), function(function), build(module), tables(std::move(tables)) {}

  LogicalResult run();

private:
  LogicalResult readKernels();
  void buildCallFunction(ir::KernelOp kernel);
  void buildBorderClearing(RankedTensorType type, Value tensor);
  Value buildBuffer(const KernelArgument &argument, StringRef dimensions, Value tensor);
  LogicalResult buildEntry();

  ModuleOp module;
  func::FuncOp function;
  EntryBuilder build;
  EntryTables tables;
  SmallVector<ir::KernelOp> kernels;
};

LogicalResult Lowering::readKernels() {
  for (ir::KernelOp kernel : module.getOps<ir::KernelOp>()) {
    auto variants = llvm::to_vector(kernel.getVariantsAttr().getAsRange<ir::VariantAttr>());
    if (kernels.empty())
      for (ir::VariantAttr variant : variants)
        tables.variants.push_back({variant.getTarget().str(), {}});
    if (variants.size() != tables.variants.size())
      return kernel.emitError("has ")
             << variants.size() << " variants, the first kernel has " << tables.variants.size();
    for (auto [variant, table] : llvm::zip(variants, tables.variants)) {
      if (variant.getTarget() != table.target)
        return kernel.emitError("has a variant for ")
               << variant.getTarget() << " where the first kernel has one for " << table.target;
      table.kernels.push_back(variant.getSymbol().str());
    }
    kernels.push_back(kernel);
  }
  return success();
}

/// A halide_buffer_t in the function's frame: {device, interface, host, flags, type, dimensions, dim,
/// padding}.
Value Lowering::buildBuffer(const KernelArgument &argument, StringRef dimensions, Value tensor) {
  const auto elementType = build.structOf({build.i8, build.i8, build.i16});
  const auto type = build.structOf({build.i64, build.pointer, build.pointer, build.i64, elementType,
                                    build.i32, build.pointer, build.pointer});
  const int64_t bytes = elementBytes(argument.type);
  Value element =
      build.aggregate(elementType, {build.constant(build.i8, halideFloat),
                                    build.constant(build.i8, 8 * bytes), build.constant(build.i16, 1)});
  Value host = build.offset(tensor, argument.elementOffset * bytes);
  Value value =
      build.aggregate(type, {build.constant(build.i64, 0), build.null(), host, build.constant(build.i64, 0),
                             element, build.constant(build.i32, int64_t(argument.dimensions.size())),
                             build.addressOf(dimensions), build.null()});
  Value buffer = build.frame(type);
  build.store(value, buffer);
  return buffer;
}

/// i32 call_<kernel>(context, kernel function, tensors ...): the generated function's interface in plain
/// pointers.
void Lowering::buildCallFunction(ir::KernelOp kernel) {
  const std::vector<KernelArgument> arguments = attachedArguments(kernel);
  const std::string name = ("call_" + kernel.getSymName()).str();
  const auto dimensionType =
      build.structOf({build.i32, build.i32, build.i32, build.i32}); // halide_dimension_t
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    const auto array = build.arrayOf(dimensionType, argument.dimensions.size());
    build.data("dimensions_" + std::to_string(i) + "_" + name, array, [&] {
      SmallVector<Value> values;
      for (const BufferDimension &d : argument.dimensions)
        values.push_back(build.aggregate(
            dimensionType, {build.constant(build.i32, d.min), build.constant(build.i32, d.extent),
                            build.constant(build.i32, d.stride), build.constant(build.i32, 0)}));
      return build.aggregate(array, values);
    });
  }
  SmallVector<Type> types(arguments.size() + 2, build.pointer);
  ValueRange parameters = build.function(name, build.i32, types, /*isPublic=*/false);
  SmallVector<Value> operands{parameters[0]};
  for (auto [i, argument] : llvm::enumerate(arguments))
    operands.push_back(
        buildBuffer(argument, "dimensions_" + std::to_string(i) + "_" + name, parameters[i + 2]));
  auto type = LLVM::LLVMFunctionType::get(build.i32, SmallVector<Type>(arguments.size() + 1, build.pointer));
  build.finish(build.callThrough(type, parameters[1], operands));
}

/// An NHWC tensor's border pixels become zero.
void Lowering::buildBorderClearing(RankedTensorType type, Value tensor) {
  ArrayRef<int64_t> shape = type.getShape();
  const int64_t pixelBytes = shape[3] * type.getElementTypeBitWidth() / 8;
  build.call("fnet_internal_clear_border",
             {tensor, build.constant(build.i64, shape[0]), build.constant(build.i64, shape[1]),
              build.constant(build.i64, shape[2]), build.constant(build.i64, pixelBytes)});
}

/// i32 <name>_entry(kernels, context, arena, inputs, outputs): the calls in order, ended by the first that
/// fails.
LogicalResult Lowering::buildEntry() {
  ValueRange parameters =
      build.function(tables.name + "_entry", build.i32, SmallVector<Type>(5, build.pointer),
                     /*isPublic=*/false);
  Value table = parameters[0], context = parameters[1], arena = parameters[2];
  auto element = [&](Value array, size_t i) {
    return build.load(build.offset(array, int64_t(i * 8)), build.pointer);
  };
  llvm::DenseMap<Value, Value> addresses;
  addresses[function.getArgument(0)] = element(parameters[3], 0);
  auto results = cast<func::ReturnOp>(function.front().getTerminator()).getOperands();
  for (auto [i, result] : llvm::enumerate(results))
    addresses[result] = element(parameters[4], i);

  Region *body = build.builder.getBlock()->getParent();
  Block *failed = build.builder.createBlock(body, body->end(), {build.i32}, {build.location});
  build.finish(failed->getArgument(0));
  build.builder.setInsertionPointToEnd(&body->front());
  int64_t step = 0;
  for (Operation &op : function.front()) {
    if (auto weight = dyn_cast<ir::PackedWeightOp>(op)) {
      addresses[weight.getResult()] =
          build.offset(build.addressOf(tables.name + "_weights"), weight.getOffset());
      continue;
    }
    auto call = dyn_cast<ir::CallOp>(op);
    if (!call) {
      if (!isa<func::ReturnOp>(op))
        return op.emitError("is not a kernel call: outline-kernels and pack-weights must run first");
      continue;
    }
    if (!addresses.count(call.getResult())) {
      if (!call.getSlot())
        return call.emitError("has no slot: plan-memory must run first");
      addresses[call.getResult()] = build.offset(arena, int64_t(*call.getSlot()));
    }
    if (call.getClearsBorder())
      buildBorderClearing(call.getResult().getType(), addresses[call.getResult()]);
    auto kernel = SymbolTable::lookupNearestSymbolFrom<ir::KernelOp>(call, call.getKernelAttr());
    const size_t index = size_t(llvm::find(kernels, kernel) - kernels.begin());
    SmallVector<Value> operands{context, element(table, index)};
    for (Value input : call.getInputs())
      operands.push_back(addresses.lookup(input));
    operands.push_back(addresses.lookup(call.getResult()));
    Value status = build.call(("call_" + call.getKernel()).str(), operands);
    Value ok = LLVM::ICmpOp::create(build.builder, build.location, LLVM::ICmpPredicate::eq, status,
                                    build.constant(build.i32, 0));
    Block *before = build.builder.getBlock();
    Block *next = build.builder.createBlock(failed);
    build.builder.setInsertionPointToEnd(before);
    LLVM::CondBrOp::create(build.builder, build.location, ok, next, ValueRange{}, failed, ValueRange{status});
    build.builder.setInsertionPointToStart(next);
    build.call("fnet_internal_step", {context, build.constant(build.i64, step++)});
  }
  build.finish(build.constant(build.i32, 0));
  return success();
}

LogicalResult Lowering::run() {
  if (failed(readKernels()))
    return failure();
  Type pointer = build.pointer, none = LLVM::LLVMVoidType::get(module.getContext());
  build.externalData(tables.name + "_weights");
  build.externalFunction("fnet_internal_step", none, {pointer, build.i64});
  build.externalFunction("fnet_internal_clear_border", none,
                         {pointer, build.i64, build.i64, build.i64, build.i64});
  for (ir::KernelOp kernel : kernels)
    buildCallFunction(kernel);
  if (failed(buildEntry()))
    return failure();
  function.erase(); // before the public functions: it has the model's name
  buildPublicFunctions(build, tables, "fnet_internal_", tables.name + "_model");
  buildEntryTables(
      build, tables,
      {.run = "fnet_internal_run", .done = "fnet_internal_done", .entry = tables.name + "_entry"});
  for (ir::KernelOp kernel : kernels)
    kernel.erase();
  module->removeAttr(arenaBytesName);
  module->removeAttr(weightBytesName);
  return success();
}

void LowerEntry::runOnOperation() {
  auto function = modelFunction(getOperation());
  auto layout = entryLayout(getOperation());
  if (failed(function) || failed(layout))
    return signalPassFailure();
  auto tables = readEntryTables(getOperation(), *function, *layout);
  if (failed(tables) || failed(Lowering(getOperation(), *function, std::move(*tables)).run()))
    signalPassFailure();
}

} // namespace
