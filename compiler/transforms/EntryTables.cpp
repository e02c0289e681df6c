#include "transforms/EntryTables.h"
#include "support/RuntimeAbi.h"
#include "targets/Targets.h"

using namespace mlir;
using namespace fasternet;

/// struct fnet_tensor
static void buildTensors(EntryBuilder &build, StringRef symbol,
                         const std::vector<EntryTables::Tensor> &tensors) {
  const auto shapeType = build.arrayOf(build.i64, 4);
  const auto type = build.structOf({build.pointer, build.i32, build.i32, shapeType, build.i64});
  build.array(symbol, type, tensors.size(), [&](size_t i) {
    const EntryTables::Tensor &tensor = tensors[i];
    SmallVector<Value> shape;
    int64_t bytes = sizeof(float);
    for (size_t d = 0; d < 4; ++d) {
      shape.push_back(build.constant(build.i64, d < tensor.shape.size() ? tensor.shape[d] : 1));
      bytes *= d < tensor.shape.size() ? tensor.shape[d] : 1;
    }
    return build.aggregate(type,
                           {build.text(tensor.name), build.constant(build.i32, int64_t(tensor.shape.size())),
                            build.constant(build.i32, 0), build.aggregate(shapeType, shape),
                            build.constant(build.i64, bytes)});
  });
}

FailureOr<EntryTables> fasternet::readEntryTables(ModuleOp module, func::FuncOp function,
                                                  const EntryLayout &layout) {
  EntryTables tables;
  tables.name = function.getName().str();
  tables.layout = layout;
  auto add = [&](std::vector<EntryTables::Tensor> &tensors, Type type, std::string name) {
    tensors.push_back({std::move(name), llvm::to_vector(cast<RankedTensorType>(type).getShape())});
  };
  if (function.getNumArguments() != 1)
    return function.emitError("a model has one input, found ") << function.getNumArguments();
  add(tables.inputs, function.getArgumentTypes()[0], "input");
  const bool several = function.getNumResults() > 1;
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    add(tables.outputs, type, several ? "output" + std::to_string(i) : "output");

  SymbolTable symbols(module);
  for (ir::CallOp call : function.getOps<ir::CallOp>()) {
    auto kernel = symbols.lookup<ir::KernelOp>(call.getKernel());
    auto spec = KernelSpec::parse(kernel.getSpec());
    if (!spec)
      return kernel.emitError(llvm::toString(spec.takeError()));
    tables.steps.push_back(*spec);
  }
  return tables;
}

void fasternet::buildPublicFunctions(EntryBuilder &build, const EntryTables &tables, StringRef runtime,
                                     StringRef description) {
  Type pointer = build.pointer, none = LLVM::LLVMVoidType::get(build.builder.getContext());
  const std::string &name = tables.name;
  auto runtimeName = [&](StringRef function) { return (runtime + function).str(); };
  build.externalFunction(runtimeName("init"), build.i32, {pointer, pointer, build.i64, pointer, pointer});
  build.externalFunction(runtimeName("run"), build.i32, {pointer, pointer, pointer});
  build.externalFunction(runtimeName("done"), none, {pointer});

  ValueRange init =
      build.function(name + "_init", build.i32, {pointer, build.i64, pointer, pointer}, /*isPublic=*/true);
  SmallVector<Value> operands{build.addressOf(description)};
  operands.append(init.begin(), init.end());
  build.finish(build.call(runtimeName("init"), operands));

  // One pointer for each input and output; the runtime takes arrays of them.
  const size_t inputs = tables.inputs.size(), outputs = tables.outputs.size();
  ValueRange run = build.function(name + "_run", build.i32, SmallVector<Type>(1 + inputs + outputs, pointer),
                                  /*isPublic=*/true);
  Value arrays[2];
  const size_t counts[] = {inputs, outputs}, firsts[] = {1, 1 + inputs};
  for (size_t a = 0; a < 2; ++a) {
    arrays[a] = build.frame(pointer, int64_t(counts[a]));
    for (size_t i = 0; i < counts[a]; ++i)
      build.store(run[firsts[a] + i], build.offset(arrays[a], int64_t(8 * i)));
  }
  build.finish(build.call(runtimeName("run"), {run[0], arrays[0], arrays[1]}));

  ValueRange done = build.function(name + "_done", none, {pointer}, /*isPublic=*/true);
  build.call(runtimeName("done"), {done[0]});
  build.finish(Value());
}

/// struct fnet_variant, each with its table of kernels
static void buildVariants(EntryBuilder &build, const EntryTables &tables) {
  for (const EntryTables::Variant &variant : tables.variants) {
    for (const std::string &kernel : variant.kernels)
      build.externalFunction(kernel, build.i32, {});
    if (!variant.kernels.empty())
      build.array("kernels_" + variant.target, build.pointer, variant.kernels.size(),
                  [&](size_t i) { return build.addressOf(variant.kernels[i]); });
  }
  const auto type = build.structOf({build.pointer, build.i64, build.pointer});
  build.array("variants", type, tables.variants.size(), [&](size_t i) {
    const EntryTables::Variant &variant = tables.variants[i];
    const Target *known = findTarget(variant.target);
    return build.aggregate(
        type,
        {build.text(variant.target), build.constant(build.i64, known ? int64_t(known->cpuFeatureBits) : 0),
         variant.kernels.empty() ? build.null() : build.addressOf("kernels_" + variant.target)});
  });
}

void fasternet::buildEntryTables(EntryBuilder &build, const EntryTables &tables,
                                 const EntryFunctions &functions) {
  buildTensors(build, "inputs", tables.inputs);
  buildTensors(build, "outputs", tables.outputs);
  const auto stepType = build.structOf({build.pointer, build.i64}); // struct fnet_step
  build.array("steps", stepType, tables.steps.size(), [&](size_t i) {
    return build.aggregate(
        stepType, {build.text(tables.steps[i].text()), build.constant(build.i64, tables.steps[i].macs())});
  });
  buildVariants(build, tables);

  // struct fnet_model
  Type i32 = build.i32, i64 = build.i64, pointer = build.pointer;
  const auto type =
      build.structOf({i32, i32, pointer, i32, i32,     pointer, pointer, i64,     i64,     i64,    i64,
                      i64, i64, i32,     i32, pointer, pointer, pointer, pointer, pointer, pointer});
  const EntryLayout &layout = tables.layout;
  build.data(
      tables.name + "_model", type,
      [&] {
        return build.aggregate(type,
                               {build.constant(i32, abi::version),
                                build.constant(i32, abi::modelBytes),
                                build.text(tables.name),
                                build.constant(i32, int64_t(tables.inputs.size())),
                                build.constant(i32, int64_t(tables.outputs.size())),
                                build.addressOf("inputs"),
                                build.addressOf("outputs"),
                                build.constant(i64, layout.instanceBytes),
                                build.constant(i64, layout.instanceWorkerBytes),
                                build.constant(i64, layout.arenaBytes),
                                build.constant(i64, layout.callerScratchBytes),
                                build.constant(i64, layout.weightBytes),
                                build.constant(i64, layout.macs),
                                build.constant(i32, int64_t(tables.steps.size())),
                                build.constant(i32, int64_t(tables.variants.size())),
                                build.addressOf("steps"),
                                build.addressOf("variants"),
                                build.addressOf(tables.name + "_init"),
                                build.addressOf(functions.run),
                                build.addressOf(functions.done),
                                functions.entry.empty() ? build.null() : build.addressOf(functions.entry)});
      },
      /*isPublic=*/true);
}
