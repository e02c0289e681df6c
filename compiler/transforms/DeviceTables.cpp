#include "transforms/DeviceTables.h"
#include "targets/Targets.h"

using namespace mlir;
using namespace fasternet;

namespace {

class TablesBuilder {
public:
  explicit TablesBuilder(EntryBuilder &build) : build(build), extents(build.arrayOf(build.i32, 3)) {}

  void buildVariants(const DeviceTables &tables);

private:
  /// struct fnet_cuda_module
  void buildModules(const DeviceTables::Variant &variant);
  /// struct fnet_cuda_function
  void buildFunctions(const DeviceTables::Variant &variant);
  /// struct fnet_cuda_argument, an array for each launch
  void buildArguments(const DeviceTables::Variant &variant);
  /// struct fnet_cuda_launch
  void buildLaunches(const DeviceTables::Variant &variant);

  Value number(int64_t value) { return build.constant(build.i32, value); }
  Value extentsOf(ArrayRef<uint32_t> values) {
    return build.aggregate(extents, {number(values[0]), number(values[1]), number(values[2])});
  }
  static std::string argumentsName(const DeviceTables::Variant &variant, size_t launch) {
    return "arguments_" + variant.target + "_" + std::to_string(launch);
  }

  EntryBuilder &build;
  LLVM::LLVMArrayType extents;
};

void TablesBuilder::buildModules(const DeviceTables::Variant &variant) {
  for (const DeviceTables::Module &module : variant.modules) {
    build.externalData(module.symbol + "_ptx");
    if (module.cubinBytes > 0)
      build.externalData(module.symbol + "_cubin");
  }
  const auto type = build.structOf({build.pointer, build.pointer, build.i64});
  build.array("modules_" + variant.target, type, variant.modules.size(), [&](size_t i) {
    const DeviceTables::Module &module = variant.modules[i];
    return build.aggregate(type,
                           {build.addressOf(module.symbol + "_ptx"),
                            module.cubinBytes > 0 ? build.addressOf(module.symbol + "_cubin") : build.null(),
                            build.constant(build.i64, module.cubinBytes)});
  });
}

void TablesBuilder::buildFunctions(const DeviceTables::Variant &variant) {
  const auto type = build.structOf({build.i32, build.i32, build.pointer});
  build.array("functions_" + variant.target, type, variant.functions.size(), [&](size_t i) {
    const DeviceTables::Function &function = variant.functions[i];
    return build.aggregate(
        type, {number(function.module), number(function.sharedBytes), build.text(function.name)});
  });
}

void TablesBuilder::buildArguments(const DeviceTables::Variant &variant) {
  const auto type = build.structOf({build.i16, build.i16, build.i32, build.i64});
  for (auto [launch, entry] : llvm::enumerate(variant.launches))
    build.array(argumentsName(variant, launch), type, entry.arguments.size(), [&](size_t i) {
      const DeviceTables::Argument &argument = entry.arguments[i];
      return build.aggregate(type, {build.constant(build.i16, int64_t(argument.base)),
                                    build.constant(build.i16, argument.index), number(argument.bytes),
                                    build.constant(build.i64, int64_t(argument.value))});
    });
}

void TablesBuilder::buildLaunches(const DeviceTables::Variant &variant) {
  const auto type =
      build.structOf({build.i32, build.i32, extents, extents, build.i32, build.i32, build.pointer});
  build.array("launches_" + variant.target, type, variant.launches.size(), [&](size_t i) {
    const DeviceTables::Launch &launch = variant.launches[i];
    return build.aggregate(type, {number(launch.function), number(launch.step), extentsOf(launch.grid),
                                  extentsOf(launch.threads), number(launch.sharedBytes),
                                  number(int64_t(launch.arguments.size())),
                                  build.addressOf(argumentsName(variant, i))});
  });
}

void TablesBuilder::buildVariants(const DeviceTables &tables) {
  for (const DeviceTables::Variant &variant : tables.variants) {
    buildModules(variant);
    buildFunctions(variant);
    buildArguments(variant);
    buildLaunches(variant);
  }
  // struct fnet_cuda_variant
  const auto type = build.structOf({build.pointer, build.i32, build.i32, build.i32, build.i32, build.pointer,
                                    build.pointer, build.pointer});
  build.array("device_variants", type, tables.variants.size(), [&](size_t i) {
    const DeviceTables::Variant &variant = tables.variants[i];
    const Target *target = findTarget(variant.target);
    return build.aggregate(
        type,
        {build.text(variant.target), number(target ? target->computeCapability() : 0),
         number(int64_t(variant.modules.size())), number(int64_t(variant.functions.size())),
         number(int64_t(variant.launches.size())), build.addressOf("modules_" + variant.target),
         build.addressOf("functions_" + variant.target), build.addressOf("launches_" + variant.target)});
  });
}

} // namespace

void fasternet::buildDeviceTables(EntryBuilder &build, StringRef name, const DeviceTables &tables) {
  TablesBuilder(build).buildVariants(tables);
  // struct fnet_cuda_model
  const auto type = build.structOf(
      {build.i32, build.i32, build.pointer, build.pointer, build.i32, build.i32, build.pointer});
  build.data((name + "_device_model").str(), type, [&] {
    return build.aggregate(
        type, {build.constant(build.i32, abi::cudaVersion), build.constant(build.i32, abi::cudaModelBytes),
               build.addressOf((name + "_model").str()), build.addressOf((name + "_weights").str()),
               build.constant(build.i32, int64_t(tables.variants.size())), build.constant(build.i32, 0),
               build.addressOf("device_variants")});
  });
}
