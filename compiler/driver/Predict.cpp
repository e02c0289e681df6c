#include "driver/Predict.h"
#include "codegen/Codegen.h"
#include "driver/PredictDevice.h"
#include "tune/StaticCost.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace fasternet;

namespace {

llvm::Expected<StaticCost> costOf(const KernelSpec &spec, const Target &target, llvm::StringRef parameters,
                                  ThroughputModel &model) {
  auto listing = listKernel(spec, target, parameters);
  if (!listing)
    return listing.takeError();
  return predictCost(*listing, model);
}

void printHeader() {
  llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,12}{3,8}{4,8}{5,8}{6,8}{7,8}\n", "kernel", "calls",
                                "cycles/call", "peak", "GELU", "tiles", "FMAs", "spills");
}

/// `plain`: the same schedule with ReLU in place of GELU, whose cost stands apart from that of the register
/// tiles.
void printRow(const Pipeline::KernelUse &use, const Cpu &cpu, const StaticCost &cost,
              const StaticCost &plain) {
  llvm::outs() << llvm::formatv(
      "{0,-58}{1,6}{2,12:f0}{3,7:f1}%{4,7:f1}%{5,7:f1}%{6,7:f1}%{7,8}\n", use.spec.text(), use.count,
      cost.cycles, 100 * cost.shareOfPeak(use.spec, cpu), 100 * std::max(0.0, 1 - plain.cycles / cost.cycles),
      100 * plain.shareInTiles(use.spec, cpu), 100 * cost.fmas / cost.instructions, cost.innerSpills);
}

} // namespace

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
  printHeader();
  Diagnostics diagnostics;
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    const std::string parameters = records.choose(use.spec, target, diagnostics).parameters;
    auto cost = costOf(use.spec, target, parameters, *model);
    if (!cost)
      return cost.takeError();
    StaticCost plain = *cost;
    if (KernelSpec spec = use.spec; spec.activation == Activation::Gelu) {
      spec.activation = Activation::Relu;
      auto withRelu = costOf(spec, target, parameters, *model);
      if (!withRelu)
        return withRelu.takeError();
      plain = *withRelu;
    }
    printRow(use, cpu, *cost, plain);
  }
  diagnostics.print(llvm::errs());
  return llvm::Error::success();
}
