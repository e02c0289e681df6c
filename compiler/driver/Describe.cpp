#include "driver/Describe.h"
#include "support/Diagnostics.h"
#include "transforms/EntryLayout.h"

using namespace fasternet;

static InterfaceTensor tensorOf(mlir::Type type, const std::string &name) {
  const auto shape = mlir::cast<mlir::RankedTensorType>(type).getShape();
  return {name, std::vector<int64_t>(shape.begin(), shape.end())};
}

llvm::Expected<ModelInterface> fasternet::describe(Pipeline &pipeline) {
  auto layout = entryLayout(pipeline.module());
  auto function = modelFunction(pipeline.module());
  if (mlir::failed(layout) || mlir::failed(function))
    return inputError("the planned model is not complete");

  ModelInterface interface;
  interface.name = pipeline.description().name;
  interface.compilerVersion = FASTERNETC_VERSION;
  interface.precision = elementName(pipeline.precision()).str();
  interface.onDevice = pipeline.isOnDevice();
  interface.inputs.push_back(tensorOf(function->getFunctionType().getInput(0), "input"));
  const auto results = function->getFunctionType().getResults();
  for (size_t i = 0; i < results.size(); ++i)
    interface.outputs.push_back(
        tensorOf(results[i], results.size() == 1 ? "output" : "output" + std::to_string(i)));
  interface.instanceBytes = layout->instanceBytes;
  interface.instanceWorkerBytes = layout->instanceWorkerBytes;
  interface.arenaBytes = layout->arenaBytes;
  interface.callerScratchBytes = layout->callerScratchBytes;
  interface.weightBytes = layout->weightBytes;
  interface.macs = layout->macs;
  for (const Target *target : pipeline.targets())
    interface.targets.push_back(target->name.str());
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    ModelInterface::KernelUse kernel{use.spec.text(), use.count, use.spec.macs(), use.spec.bytes(), {}};
    for (const CompiledKernel &variant : use.variants) {
      auto code = codeBytes(variant.object);
      if (!code)
        return code.takeError();
      kernel.variants.push_back({variant.target, variant.schedule, *code});
    }
    for (const DeviceKernel &variant : use.deviceVariants)
      kernel.variants.push_back(
          {variant.target, variant.schedule, int64_t(variant.ptx.size() + variant.cubin.size())});
    interface.kernels.push_back(std::move(kernel));
  }
  return interface;
}
