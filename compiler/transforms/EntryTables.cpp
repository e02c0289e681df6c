#include "transforms/EntryTables.h"
#include "support/RuntimeAbi.h"
#include "targets/Targets.h"

using namespace mlir;
using namespace fasternet;

/// An internal constant array of structs; `element` makes one value after the other.
static void buildArray(EntryBuilder &build, StringRef symbol, Type type, size_t count,
                       llvm::function_ref<Value(size_t)> element) {
  const auto array = build.arrayOf(type, count);
  build.data(symbol, array, [&] {
    SmallVector<Value> values;
    for (size_t i = 0; i < count; ++i)
      values.push_back(element(i));
    return build.aggregate(array, values);
  });
}

/// struct fnet_tensor
static void buildTensors(EntryBuilder &build, StringRef symbol,
                         const std::vector<EntryTables::Tensor> &tensors) {
  const auto shapeType = build.arrayOf(build.i64, 4);
  const auto type = build.structOf({build.pointer, build.i32, build.i32, shapeType, build.i64});
  buildArray(build, symbol, type, tensors.size(), [&](size_t i) {
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

/// struct fnet_variant, each with its table of kernels
static void buildVariants(EntryBuilder &build, const EntryTables &tables) {
  for (const EntryTables::Variant &variant : tables.variants) {
    for (const std::string &kernel : variant.kernels)
      build.externalFunction(kernel, build.i32, {});
    buildArray(build, "kernels_" + variant.target, build.pointer, variant.kernels.size(),
               [&](size_t i) { return build.addressOf(variant.kernels[i]); });
  }
  const auto type = build.structOf({build.pointer, build.i64, build.pointer});
  buildArray(build, "variants", type, tables.variants.size(), [&](size_t i) {
    const std::string &target = tables.variants[i].target;
    const Target *known = findTarget(target);
    return build.aggregate(type, {build.text(target),
                                  build.constant(build.i64, known ? int64_t(known->cpuFeatureBits) : 0),
                                  build.addressOf("kernels_" + target)});
  });
}

void fasternet::buildEntryTables(EntryBuilder &build, const EntryTables &tables) {
  buildTensors(build, "inputs", tables.inputs);
  buildTensors(build, "outputs", tables.outputs);
  const auto stepType = build.structOf({build.pointer, build.i64}); // struct fnet_step
  buildArray(build, "steps", stepType, tables.steps.size(), [&](size_t i) {
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
        return build.aggregate(type, {build.constant(i32, abi::version),
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
                                      build.addressOf("fnet_internal_run"),
                                      build.addressOf("fnet_internal_done"),
                                      build.addressOf(tables.name + "_entry")});
      },
      /*isPublic=*/true);
}
