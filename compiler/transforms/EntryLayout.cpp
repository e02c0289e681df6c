#include "transforms/EntryLayout.h"

#include "dialect/FasternetOps.h"
#include "support/KernelSpec.h"
#include "support/RuntimeAbi.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace fasternet;

FailureOr<func::FuncOp> fasternet::modelFunction(ModuleOp module) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1 || functions.front().isExternal())
    return module.emitError("expected one function with a body, the model; found ")
           << functions.size() << (functions.size() == 1 ? " function without a body" : " functions");
  return functions.front();
}

SmallVector<int64_t> fasternet::intermediateOffsets(ir::DeviceVariantAttr variant) {
  SmallVector<int64_t> offsets = {0};
  for (int64_t bytes : variant.getIntermediates())
    offsets.push_back(int64_t(llvm::alignTo(uint64_t(offsets.back() + bytes), abi::deviceAlignment)));
  return offsets;
}

/// One module, and the functions of its launches.
static int64_t deviceHandles(ir::DeviceVariantAttr variant) {
  llvm::StringSet<> functions;
  for (ir::LaunchAttr launch : variant.getLaunches())
    functions.insert(launch.getFunction());
  return 1 + int64_t(functions.size());
}

FailureOr<EntryLayout> fasternet::entryLayout(ModuleOp module) {
  FailureOr<func::FuncOp> function = modelFunction(module);
  if (failed(function))
    return failure();
  auto arena = module->getAttrOfType<IntegerAttr>(arenaBytesName);
  if (!arena)
    return module.emitError("no ") << arenaBytesName << ": plan-memory must run first";
  auto weights = module->getAttrOfType<IntegerAttr>(weightBytesName);
  if (!weights)
    return module.emitError("no ") << weightBytesName << ": pack-weights must run first";

  EntryLayout layout;
  layout.arenaBytes = abi::roundUp(arena.getInt());
  layout.weightBytes = weights.getInt();
  llvm::StringMap<int64_t> macsOfKernel, handles;
  for (ir::KernelOp kernel : module.getOps<ir::KernelOp>()) {
    if (!kernel.getVariantsAttr())
      return kernel.emitError("has no variants: code generation must attach them first");
    for (Attribute attribute : kernel.getVariantsAttr()) {
      if (auto variant = dyn_cast<ir::VariantAttr>(attribute)) {
        layout.callerScratchBytes =
            std::max(layout.callerScratchBytes, abi::roundUp(variant.getCallerScratch()));
        layout.workerScratchBytes =
            std::max(layout.workerScratchBytes, abi::roundUp(variant.getWorkerScratch()));
        continue;
      }
      auto variant = cast<ir::DeviceVariantAttr>(attribute);
      layout.callerScratchBytes = std::max(layout.callerScratchBytes, intermediateOffsets(variant).back());
      handles[variant.getTarget()] += deviceHandles(variant);
    }
    llvm::Expected<KernelSpec> spec = KernelSpec::parse(kernel.getSpec());
    if (!spec)
      return kernel.emitError(llvm::toString(spec.takeError()));
    macsOfKernel[kernel.getSymName()] = spec->macs();
  }
  for (ir::CallOp call : function->getOps<ir::CallOp>())
    layout.macs += macsOfKernel.lookup(call.getKernel());

  if (!handles.empty()) {
    // All but the handles of its code lies on the device.
    int64_t most = 0;
    for (const auto &variant : handles)
      most = std::max(most, variant.second);
    layout.instanceBytes = abi::cudaInstanceHeaderBytes + abi::cudaHandleBytes * most;
    return layout;
  }
  layout.instanceBytes = abi::instanceHeaderBytes + layout.arenaBytes + layout.callerScratchBytes;
  layout.instanceWorkerBytes = abi::workerHeaderBytes + layout.workerScratchBytes;
  return layout;
}
