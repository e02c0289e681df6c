#include "tune/SearchSubject.h"

#include "codegen/Codegen.h"
#include "kernels/KernelArguments.h"
#include "schedules/Schedules.h"
#include "tune/KernelCase.h"
#include "tune/StaticCost.h"

using namespace fasternet;

static llvm::Expected<double> predictCycles(const KernelSpec &spec, const Target &target,
                                            llvm::StringRef parameters) {
  auto model = ThroughputModel::create(target, *findCpu(target.tuneFor));
  if (!model)
    return model.takeError();
  auto listing = listKernel(spec, target, parameters);
  if (!listing)
    return listing.takeError();
  auto cost = predictCost(*listing, *model);
  if (!cost)
    return cost.takeError();
  return cyclesWithTraffic(cost->cycles, scheduleTraffic(spec, target, parameters), target);
}

/// Between cores, where two share the work and each reads half of a value from the other. Measured on Zen 5,
/// T1's blocks of 14x14 with a hidden layer of 0.4 MB, two threads against one, strips against a shared one:
/// 35 GB/s where cores share an L3, 6 where they do not. This lies between.
static double exchangeSeconds(const Traffic &traffic) {
  constexpr double bytesPerSecond = 15e9;
  return traffic.exchangedBytes / bytesPerSecond;
}

static std::vector<float> rightAnswer(const KernelSpec &spec) {
  return expectedOutput(spec, kernelArguments(spec));
}

/// By the measuring program.
static llvm::Expected<CandidateResult> runPoint(const KernelSpec &spec, const Target &target,
                                                llvm::StringRef parameters, const MeasuringOptions &options) {
  auto kernel = compileKernel(spec, target, "candidate_0", parameters);
  if (!kernel)
    return kernel.takeError();
  return runOnce(target, *kernel, rightAnswer(spec), options);
}

SearchSubject fasternet::kernelSubject(const KernelSpec &spec, const Target &target) {
  return {
      .kernel = spec.text(),
      .macs = double(spec.macs()),
      .parameters = [=](llvm::StringRef overrides) { return scheduleParameters(spec, target, overrides); },
      .steps = [=](llvm::StringRef parameters) { return scheduleSteps(spec, target, parameters); },
      .compile = [=](llvm::StringRef symbol,
                     llvm::StringRef parameters) { return compileKernel(spec, target, symbol, parameters); },
      .predict = [=](llvm::StringRef parameters) { return predictCycles(spec, target, parameters); },
      .exchangeSeconds =
          [=](llvm::StringRef parameters) {
            return exchangeSeconds(scheduleTraffic(spec, target, parameters));
          },
      .check = [=](llvm::StringRef parameters,
                   const MeasuringOptions &options) { return runPoint(spec, target, parameters, options); },
      .expected = [=] { return rightAnswer(spec); }};
}
