#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/ThreadTiling.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

namespace {

constexpr int64_t floatBytes = 4;
/// What the model of instructions gives for tiles that ptxas makes 0.8 of. Issue slots bound GPUs with as
/// many units as lanes that issue, and small tiles read shared memory too often on the others.
constexpr double wantedShare = 0.82;

int64_t blocksOf(const BlockTile &block, int64_t channels, int64_t width, int64_t height, int64_t batch) {
  return channels / block.channels * int64_t(llvm::divideCeil(width, block.pixels)) *
         int64_t(llvm::divideCeil(height, block.rows)) * batch;
}

} // namespace

SumShape fasternet::sumShape(const KernelSpec &spec, const CudaBlockParameters &p, int sum) {
  const bool isStaged = p.stage != 0;
  switch (sum) {
  case 0:
    return {.terms = spec.partial,
            .around = {3, 1},
            .taps = 3,
            .isStaged = false,
            // Few channels: beside the loops of products in the same launch its rows need none.
            .keepsLoop = p.launches == 3,
            .wantedShare = wantedShare};
  case 1:
    return {.terms = spec.channels,
            .isStaged = isStaged,
            .isCuttable = isStaged,
            .mostFetched = isStaged
                               ? vectorOf(spec.channels)
                               : std::min(vectorOf(spec.partial), vectorOf(spec.channels - spec.partial)),
            .wantedShare = wantedShare};
  default:
    return {.terms = spec.hidden, .isStaged = isStaged, .wantedShare = wantedShare};
  }
}

int64_t fasternet::sumChannels(const KernelSpec &spec, int sum) {
  return sum == 0 ? spec.partial : sum == 1 ? spec.hidden : spec.channels;
}

SumShape fasternet::windowShape(const KernelSpec &spec, const CudaPatchConvParameters &p) {
  // Columns of a plane lie side by side, of which no pieces are made.
  if (spec.inputLayout == TensorLayout::NCHW)
    return {.terms = spec.kernel,
            .around = {spec.channels, spec.kernel},
            .isStaged = false,
            .isCuttable = false,
            .wantedShare = wantedShare};
  return {.terms = spec.channels,
          .around = {spec.kernel, spec.kernel},
          .isStaged = p.stage != 0,
          .wantedShare = wantedShare};
}

SumShape fasternet::valuesShape(int64_t inputs) {
  return {.terms = inputs, .isStaged = false, .mostFetched = 1};
}

std::vector<LaunchPlan> fasternet::planLaunches(const KernelSpec &spec, const Target &target,
                                                const CudaPatchConvParameters &p) {
  LaunchPlan plan;
  plan.blocks = blocksOf(p.block, spec.outputs, spec.outputWidth(), spec.outputHeight(), spec.batch);
  plan.sharedBytes = sharedBytes(spec, p);
  plan.tensorBytes = double(spec.bytes());
  if (p.stage)
    plan.phases.push_back(
        copyPhase(double(spec.channels * spec.kernel * spec.kernel * p.block.places() * floatBytes),
                  threadsOf(p.block, p.thread)));
  plan.phases.push_back(sumPhase(target, windowShape(spec, p), p.block, p.thread));
  return {plan};
}

std::vector<LaunchPlan> fasternet::planLaunches(const KernelSpec &spec, const Target &target,
                                                const CudaBlockParameters &p) {
  std::vector<LaunchPlan> plans;
  for (int first = 0, last = 0; first <= lastBlockSum; first = last + 1) {
    last = lastOfLaunch(p, first);
    const BlockTile &block = p.*blockSums[last].block;
    LaunchPlan plan{blocksOf(block, sumChannels(spec, last), spec.width, spec.height, spec.batch),
                    {},
                    sharedBytes(spec, p, first, last),
                    launchTensorBytes(spec, first, last)};
    if (const int64_t copied = copiedChannels(spec, p, first, last))
      plan.phases.push_back(copyPhase(double(copied * block.places() * floatBytes),
                                      threadsOf(block, p.*blockSums[last].thread)));
    for (int i = first; i <= last; ++i)
      plan.phases.push_back(
          sumPhase(target, sumShape(spec, p, i), p.*blockSums[i].block, p.*blockSums[i].thread));
    plans.push_back(plan);
  }
  return plans;
}

std::vector<LaunchPlan> fasternet::planLaunches(const KernelSpec &spec, const Target &target,
                                                const CudaHeadParameters &p) {
  std::vector<LaunchPlan> plans;
  auto product = [&](int64_t outputs, int64_t inputs, const BlockTile &block, const ThreadTile &thread) {
    plans.push_back({blocksOf(block, outputs, spec.batch, 1, 1),
                     {sumPhase(target, valuesShape(inputs), block, thread)},
                     sharedBytes(spec, p),
                     double(floatBytes * outputs * inputs)});
  };
  product(spec.features, spec.channels, p.firstBlock, p.first);
  const double imageBytes = double(spec.channels * spec.width * spec.height * floatBytes);
  if (p.launches == 2)
    plans.back().phases.push_back(copyPhase(imageBytes * double(p.firstBlock.pixels), p.threads));
  else
    plans.push_back({spec.batch * int64_t(llvm::divideCeil(spec.channels, p.threads)),
                     {copyPhase(imageBytes * double(p.threads) / double(spec.channels), p.threads)},
                     0,
                     imageBytes * double(spec.batch)});
  if (spec.outputs)
    product(spec.outputs, spec.features, p.secondBlock, p.second);
  return plans;
}

int64_t fasternet::copiedChannels(const KernelSpec &spec, const CudaBlockParameters &p, int first, int last) {
  if (!p.stage || last == 0)
    return 0;
  return first == lastBlockSum ? spec.hidden : spec.channels;
}

double fasternet::launchTensorBytes(const KernelSpec &spec, int first, int last) {
  const int64_t pixels = spec.batch * spec.height * spec.width;
  const int64_t weights[] = {9 * spec.partial * spec.partial, spec.channels * spec.hidden,
                             spec.channels * spec.hidden};
  // Every launch reads the input, the second product for the shortcut, and what the launch before has
  // written.
  int64_t values = pixels * (first == 0 && last == 0 ? spec.partial : spec.channels);
  if (first > 0)
    values += pixels * sumChannels(spec, first - 1);
  values += pixels * sumChannels(spec, last);
  for (int i = first; i <= last; ++i)
    values += weights[i];
  return double(floatBytes * values);
}

double fasternet::planCycles(const Target &target, const std::vector<LaunchPlan> &launches) {
  double cycles = 0;
  for (const LaunchPlan &launch : launches)
    cycles += launchCycles(target, launch);
  return cycles;
}
