#include "transforms/EntryLayout.h"

#include "dialect/FasternetOps.h"
#include "support/KernelSpec.h"
#include "support/RuntimeAbi.h"

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
  llvm::StringMap<int64_t> macsOfKernel;
  for (ir::KernelOp kernel : module.getOps<ir::KernelOp>()) {
    if (!kernel.getVariantsAttr())
      return kernel.emitError("has no variants: code generation must attach them first");
    for (auto variant : kernel.getVariantsAttr().getAsRange<ir::VariantAttr>()) {
      layout.callerScratchBytes =
          std::max(layout.callerScratchBytes, abi::roundUp(variant.getCallerScratch()));
      layout.workerScratchBytes =
          std::max(layout.workerScratchBytes, abi::roundUp(variant.getWorkerScratch()));
    }
    llvm::Expected<KernelSpec> spec = KernelSpec::parse(kernel.getSpec());
    if (!spec)
      return kernel.emitError(llvm::toString(spec.takeError()));
    macsOfKernel[kernel.getSymName()] = spec->macs();
  }
  for (ir::CallOp call : function->getOps<ir::CallOp>())
    layout.macs += macsOfKernel.lookup(call.getKernel());

  layout.instanceBytes = abi::instanceHeaderBytes + layout.arenaBytes + layout.callerScratchBytes;
  layout.instanceWorkerBytes = abi::workerHeaderBytes + layout.workerScratchBytes;
  return layout;
}
