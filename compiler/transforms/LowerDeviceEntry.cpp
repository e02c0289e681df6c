// The model's function becomes tables of launches, whose addresses are all known, and the public functions.
#include "dialect/FasternetOps.h"
#include "transforms/DeviceTables.h"
#include "transforms/Passes.h"
#include "transforms/TensorPlaces.h"

namespace fasternet {
#define GEN_PASS_DEF_LOWERDEVICEENTRY
#include "transforms/Passes.h.inc"
} // namespace fasternet

using namespace mlir;
using namespace fasternet;

namespace {

/// The launches of one variant, in the order of the calls.
class VariantTable {
public:
  explicit VariantTable(StringRef target) { table.target = target.str(); }

  /// A kernel's code, once.
  void addKernel(StringRef kernel, ir::DeviceVariantAttr variant) {
    modules[kernel] = int64_t(table.modules.size());
    table.modules.push_back({variant.getSymbol().str(), variant.getCubinBytes()});
  }

  /// One call; `tensors` are the places of the kernel's arguments.
  LogicalResult addCall(ir::CallOp call, int64_t step, ir::DeviceVariantAttr variant,
                        ArrayRef<TensorPlace> tensors) {
    const SmallVector<int64_t> intermediates = intermediateOffsets(variant);
    for (ir::LaunchAttr launch : variant.getLaunches()) {
      if (int64_t(launch.getArguments().size()) > abi::cudaArguments)
        return call.emitError("launch ") << launch.getFunction() << " has " << launch.getArguments().size()
                                         << " parameters, at most " << abi::cudaArguments << " are possible";
      DeviceTables::Launch entry{functionIndex(call.getKernel(), launch),
                                 step,
                                 llvm::to_vector<3>(launch.getGrid()),
                                 llvm::to_vector<3>(launch.getThreads()),
                                 launch.getShared(),
                                 {}};
      for (ir::LaunchArgumentAttr argument : launch.getArguments()) {
        const int64_t buffer = argument.getBuffer();
        if (buffer < 0) {
          entry.arguments.push_back({abi::CudaBase::Scalar, 0, argument.getBytes(), argument.getValue()});
          continue;
        }
        const size_t intermediate = size_t(buffer) - tensors.size();
        if (size_t(buffer) >= tensors.size() && intermediate + 1 >= intermediates.size())
          return call.emitError("launch ") << launch.getFunction() << " reads buffer " << buffer << " of "
                                           << tensors.size() + intermediates.size() - 1;
        const TensorPlace place = size_t(buffer) < tensors.size()
                                      ? tensors[size_t(buffer)]
                                      : TensorPlace{abi::CudaBase::Scratch, 0, intermediates[intermediate]};
        entry.arguments.push_back({place.base, place.index, 8, uint64_t(place.offset) + argument.getValue()});
      }
      table.launches.push_back(std::move(entry));
    }
    return success();
  }

  DeviceTables::Variant take() { return std::move(table); }

private:
  int64_t functionIndex(StringRef kernel, ir::LaunchAttr launch) {
    auto [entry, isNew] =
        functions.try_emplace((kernel + "/" + launch.getFunction()).str(), int64_t(table.functions.size()));
    if (isNew)
      table.functions.push_back({modules.lookup(kernel), 0, launch.getFunction().str()});
    DeviceTables::Function &function = table.functions[size_t(entry->second)];
    function.sharedBytes = std::max(function.sharedBytes, launch.getShared());
    return entry->second;
  }

  DeviceTables::Variant table;
  llvm::StringMap<int64_t> modules, functions;
};

class DeviceLowering {
public:
  DeviceLowering(ModuleOp module, func::FuncOp function)
      : module(module), function(function), symbols(module) {}

  FailureOr<DeviceTables> readTables();

private:
  LogicalResult readKernels();
  LogicalResult addCall(ir::CallOp call, int64_t step);

  ModuleOp module;
  func::FuncOp function;
  SymbolTable symbols;
  std::vector<VariantTable> variants;
};

/// All kernels have the same variants.
LogicalResult DeviceLowering::readKernels() {
  SmallVector<StringRef> targets;
  for (ir::KernelOp kernel : module.getOps<ir::KernelOp>()) {
    SmallVector<StringRef> found;
    for (Attribute attribute : kernel.getVariantsAttr()) {
      auto variant = dyn_cast<ir::DeviceVariantAttr>(attribute);
      if (!variant)
        return kernel.emitError("has a variant that is not for a GPU: ") << attribute;
      found.push_back(variant.getTarget());
      if (targets.empty())
        variants.emplace_back(variant.getTarget());
      if (found.size() <= variants.size())
        variants[found.size() - 1].addKernel(kernel.getSymName(), variant);
    }
    if (targets.empty())
      targets = found;
    if (found != targets)
      return kernel.emitError("has other targets than the first kernel");
  }
  return success();
}

LogicalResult DeviceLowering::addCall(ir::CallOp call, int64_t step) {
  if (call.getClearsBorder())
    return call.emitError("has a border to clear: for GPUs memory is planned with clear-borders=false");
  FailureOr<SmallVector<TensorPlace>> places = tensorPlaces(function, call);
  if (failed(places))
    return failure();
  auto kernel = symbols.lookup<ir::KernelOp>(call.getKernel());
  for (auto [attribute, table] : llvm::zip(kernel.getVariantsAttr(), variants))
    if (failed(table.addCall(call, step, cast<ir::DeviceVariantAttr>(attribute), *places)))
      return failure();
  return success();
}

FailureOr<DeviceTables> DeviceLowering::readTables() {
  if (failed(readKernels()))
    return failure();
  int64_t step = 0;
  for (ir::CallOp call : function.getOps<ir::CallOp>())
    if (failed(addCall(call, step++)))
      return failure();
  DeviceTables tables;
  for (VariantTable &variant : variants)
    tables.variants.push_back(variant.take());
  return tables;
}

/// <name>_run_device: pointers are on the device, and launches go to the caller's stream.
void buildRunDevice(EntryBuilder &build, StringRef name) {
  const SmallVector<Type> types(4, build.pointer);
  build.externalFunction("fnet_internal_cuda_run_device", build.i32, types);
  ValueRange arguments = build.function((name + "_run_device").str(), build.i32, types, /*isPublic=*/true);
  build.finish(build.call("fnet_internal_cuda_run_device", arguments));
}

class LowerDeviceEntry : public fasternet::impl::LowerDeviceEntryBase<LowerDeviceEntry> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto function = modelFunction(module);
    auto layout = entryLayout(module);
    if (failed(function) || failed(layout))
      return signalPassFailure();
    auto tables = readEntryTables(module, *function, *layout);
    if (failed(tables))
      return signalPassFailure();
    auto device = DeviceLowering(module, *function).readTables();
    if (failed(device))
      return signalPassFailure();
    for (const DeviceTables::Variant &variant : device->variants)
      tables->variants.push_back({variant.target, {}});

    function->erase(); // before the public functions: it has the model's name
    EntryBuilder build(module);
    build.externalData(tables->name + "_weights");
    buildPublicFunctions(build, *tables, "fnet_internal_cuda_", tables->name + "_device_model");
    buildRunDevice(build, tables->name);
    buildEntryTables(build, *tables,
                     {.run = "fnet_internal_cuda_run", .done = "fnet_internal_cuda_done", .entry = ""});
    buildDeviceTables(build, tables->name, *device);
    for (ir::KernelOp kernel : llvm::make_early_inc_range(module.getOps<ir::KernelOp>()))
      kernel.erase();
    module->removeAttr(arenaBytesName);
    module->removeAttr(weightBytesName);
  }
};

} // namespace
