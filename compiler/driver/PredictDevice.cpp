#include "driver/PredictDevice.h"
#include "codegen/Codegen.h"
#include "support/Parallel.h"
#include "tune/DeviceCost.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

namespace {

/// A kernel's cost, or what kept it from being known.
struct Prediction {
  std::string parameters;
  DeviceCost cost;
  std::string problem;
};

void predict(const KernelSpec &spec, const Target &target, Prediction &result) {
  auto kernel = compileDeviceKernel(spec, target, result.parameters);
  auto cost = kernel ? predictDeviceCost(*kernel, target) : llvm::Expected<DeviceCost>(kernel.takeError());
  if (cost)
    result.cost = std::move(*cost);
  else
    result.problem = llvm::toString(cost.takeError());
}

void printRow(const Pipeline::KernelUse &use, const DeviceCost &cost, const Cpu &gpu) {
  int64_t spills = 0;
  for (const DeviceLaunchCost &launch : cost.launches)
    spills += launch.spillBytes;
  const DeviceLaunchCost &longest =
      *llvm::max_element(cost.launches, [](const auto &a, const auto &b) { return a.cycles < b.cycles; });
  llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,10}{3,12:f0}{4,7:f1}%{5,6}{6,7:f1}%{7,7:f1}%{8,8}\n",
                                use.spec.text(), use.count, cost.launches.size(), cost.cycles,
                                100 * cost.shareOfPeak(use.spec, gpu), longest.registers,
                                100 * longest.productShare, 100 * longest.occupancy, spills);
}

} // namespace

llvm::Error fasternet::printDevicePredictions(const Pipeline &pipeline, const Target &target,
                                              const Records &records) {
  if (pipeline.precision() != ElementType::F32)
    return inputError("--predict: found --precision " + elementName(pipeline.precision()) + " with target '" +
                      target.name +
                      "', expected f32: there is no model of what tensor cores cost; registers and "
                      "instructions of their kernels are shown by `inspect --kernels`");
  const Cpu &gpu = *findCpu(target.tuneFor);
  Diagnostics diagnostics;
  std::vector<Prediction> predictions;
  for (const Pipeline::KernelUse &use : pipeline.kernels())
    predictions.push_back({.parameters = records.choose(use.spec, target, diagnostics).parameters});
  diagnostics.print(llvm::errs());
  inParallel(hardwareThreads(), predictions.size(),
             [&](size_t i) { predict(pipeline.kernels()[i].spec, target, predictions[i]); });

  for (auto [use, prediction] : llvm::zip_equal(pipeline.kernels(), predictions))
    if (!prediction.problem.empty())
      return inputError("kernel " + llvm::Twine(use.spec.text()) + " for " + target.name + ": " +
                        prediction.problem);
  llvm::outs() << llvm::formatv(
      "{0} on {1}, predicted: {2} multiprocessors of {3} multiply-adds per cycle\n\n", target.name, gpu.name,
      gpu.cores, gpu.fmaFloats);
  llvm::outs() << llvm::formatv("{0,-58}{1,6}{2,10}{3,12}{4,8}{5,6}{6,8}{7,8}{8,8}\n", "kernel", "calls",
                                "launches", "cycles/call", "peak", "regs", "FMAs", "warps", "spills");
  for (auto [use, prediction] : llvm::zip_equal(pipeline.kernels(), predictions))
    printRow(use, prediction.cost, gpu);
  return llvm::Error::success();
}
