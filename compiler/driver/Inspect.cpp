#include "driver/Inspect.h"
#include "driver/Describe.h"
#include "driver/DeviceReport.h"
#include "driver/Pipeline.h"
#include "driver/Predict.h"
#include "support/Diagnostics.h"
#include "transforms/EntryLayout.h"

#include "mlir/IR/AsmState.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

static void printModule(mlir::ModuleOp module) {
  // Weights are named, not dumped: even the small ones would hide the structure.
  mlir::OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16).elideLargeResourceString(0);
  module.print(llvm::outs(), flags);
  llvm::outs() << '\n';
}

/// Stages of the model: shapes, blocks, parameters and MACs, from the distinct kernels and their counts.
static void printSummary(const Pipeline &pipeline) {
  const ModelDescription &model = pipeline.description();
  llvm::outs() << llvm::formatv("{0}: batch {1}, {2} x {3} x {4} (NCHW), {5}\n", model.name, model.batchSize,
                                model.inChans, model.imageHeight, model.imageWidth,
                                model.forkFeat ? "feature outputs"
                                : model.numClasses > 0
                                    ? llvm::formatv("{0} classes", model.numClasses).str()
                                    : llvm::formatv("{0} features", model.featureDim).str());
  for (int64_t stage = 0; stage < model.stages(); ++stage)
    llvm::outs() << llvm::formatv(
        "stage {0}: {1,2} blocks, {2} x {3} pixels, {4} channels ({5} convolved), {6} hidden\n", stage + 1,
        model.depths[stage], model.stageHeight(stage), model.stageWidth(stage), model.stageChannels(stage),
        model.stagePartial(stage), model.stageHidden(stage));
  int64_t macs = 0, calls = 0;
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    macs += use.count * use.spec.macs();
    calls += use.count;
  }
  llvm::outs() << llvm::formatv("{0} kernel calls of {1} distinct kernels, {2:f3} GMAC per run\n", calls,
                                pipeline.kernels().size(), double(macs) * 1e-9);
}

static void printKernels(const Pipeline &pipeline) {
  llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,12}{3,12}{4,12}\n", "kernel", "calls", "MMAC/call",
                                "KiB/call", "FLOP/byte");
  for (const Pipeline::KernelUse &use : pipeline.kernels())
    llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,12:f2}{3,12:f1}{4,12:f1}\n", use.spec.text(), use.count,
                                  double(use.spec.macs()) * 1e-6, double(use.spec.bytes()) / 1024,
                                  2 * double(use.spec.macs()) / double(use.spec.bytes()));
}

/// The machine code of every launch.
static llvm::Error printDeviceKernels(const Pipeline &pipeline) {
  std::vector<DeviceCode> code = pipeline.deviceCode();
  Diagnostics diagnostics;
  llvm::Error error = listInstructions(code, diagnostics);
  diagnostics.print(llvm::errs());
  if (error)
    return error;
  printDeviceReport(llvm::outs(), code);
  for (size_t variant = 0; variant < pipeline.targets().size(); ++variant) {
    int64_t launches = 0;
    for (const Pipeline::KernelUse &use : pipeline.kernels())
      launches += use.count * int64_t(use.deviceVariants[variant].launches.size());
    llvm::outs() << launches << " launches per run on " << pipeline.targets()[variant]->name << '\n';
  }
  return llvm::Error::success();
}

/// What an instance allocates.
static llvm::Error printMemory(Pipeline &pipeline) {
  auto map = drawArena(pipeline.module(), /*clearsBorders=*/!pipeline.isOnDevice());
  auto interface = describe(pipeline);
  if (mlir::failed(map))
    return inputError("the planned model is not complete");
  if (!interface)
    return interface.takeError();
  llvm::outs() << *map;
  if (interface->onDevice)
    llvm::outs() << llvm::formatv("on the device: {0} bytes of weights, {1} of arena, {2} of intermediates\n",
                                  interface->weightBytes, interface->arenaBytes,
                                  interface->callerScratchBytes);
  return llvm::Error::success();
}

llvm::Error fasternet::inspect(const InspectOptions &options) {
  auto input = loadModel(options.model, options.weights, options.name);
  if (!input)
    return input.takeError();
  Pipeline pipeline(std::move(*input));
  if (options.stage == Stage::Imported) {
    printModule(pipeline.module());
    if (!options.kernels && !options.memory && !options.predict)
      return llvm::Error::success();
  }
  if (llvm::Error error = pipeline.fuse(options.precision))
    return error;
  if (options.stage == Stage::Fused)
    printModule(pipeline.module());
  if (options.kernels)
    printKernels(pipeline);
  if (!options.stage && !options.kernels && !options.memory && !options.predict)
    printSummary(pipeline);
  const bool listsDevice = options.kernels && options.targets.front()->family == TargetFamily::Cuda;
  const bool compiles =
      options.memory || listsDevice || options.stage == Stage::Planned || options.stage == Stage::Llvm;
  if (!compiles && !options.predict)
    return llvm::Error::success();

  // What lies in memory and what is called depends on the compiled kernels.
  auto records = loadRecords(options.records);
  if (!records)
    return records.takeError();
  if (options.predict)
    for (const Target *target : options.targets)
      if (llvm::Error error = printPredictions(pipeline, *target, *records))
        return error;
  if (!compiles)
    return llvm::Error::success();
  if (llvm::Error error = pipeline.generateKernels(options.targets, *records, /*quiet=*/false))
    return error;
  if (listsDevice)
    if (llvm::Error error = printDeviceKernels(pipeline))
      return error;
  if (llvm::Error error = pipeline.plan(/*blobPath=*/""))
    return error;
  if (options.memory)
    if (llvm::Error error = printMemory(pipeline))
      return error;
  if (options.stage == Stage::Planned)
    printModule(pipeline.module());
  if (options.stage != Stage::Llvm)
    return llvm::Error::success();
  if (llvm::Error error = pipeline.lower())
    return error;
  printModule(pipeline.module());
  return llvm::Error::success();
}
