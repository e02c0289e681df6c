#include "driver/Predict.h"
#include "codegen/Codegen.h"
#include "driver/PredictDevice.h"
#include "tune/StaticCost.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

llvm::Error fasternet::printPredictions(const Pipeline &pipeline, const Target &target,
                                        const Records &records) {
  if (target.family == TargetFamily::Cuda)
    return printDevicePredictions(pipeline, target, records);
  const Cpu &cpu = *findCpu(target.tuneFor);
  auto model = ThroughputModel::create(target, cpu);
  if (!model)
    return model.takeError();
  llvm::outs() << llvm::formatv("{0} on {1}, predicted: all loads from L1, {2} multiply-adds per cycle\n\n",
                                target.name, cpu.name, fmaElements(cpu, pipeline.precision()));
  llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,12}{3,8}{4,8}{5,8}\n", "kernel", "calls", "cycles/call",
                                "peak", "FMAs", "spills");
  Diagnostics diagnostics;
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    auto listing = listKernel(use.spec, target, records.choose(use.spec, target, diagnostics).parameters);
    if (!listing)
      return listing.takeError();
    auto cost = predictCost(*listing, *model);
    if (!cost)
      return cost.takeError();
    llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,12:f0}{3,7:f1}%{4,7:f1}%{5,8}\n", use.spec.text(),
                                  use.count, cost->cycles, 100 * cost->shareOfPeak(use.spec, cpu),
                                  100 * cost->fmas / cost->instructions, cost->innerSpills);
  }
  diagnostics.print(llvm::errs());
  return llvm::Error::success();
}
