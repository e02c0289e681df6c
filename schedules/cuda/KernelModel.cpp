#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/ThreadTiling.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

namespace {

constexpr int64_t floatBytes = 4;
/// Of the products: what the model of instructions gives for tiles that ptxas makes 0.8 of. Issue slots bound
/// GPUs with as many units as lanes that issue, and small tiles read shared memory too often on the others.
constexpr double wantedShare = 0.81;
/// Of the convolution and the windows of images, whose few channels leave no such tiles.
constexpr double wantedWindowShare = 0.78;

int64_t blocksOf(const BlockTile &block, int64_t channels, int64_t width, int64_t height, int64_t batch) {
  return channels / block.channels * int64_t(llvm::divideCeil(width, block.pixels)) *
         int64_t(llvm::divideCeil(height, block.rows)) * batch;
}

} // namespace

SumShape fasternet::partialShape(const KernelSpec &spec) {
  return {.terms = spec.partial, .places = 3, .taps = 3, .isStaged = false, .wantedShare = wantedWindowShare};
}

SumShape fasternet::firstShape(const KernelSpec &spec, const CudaBlockParameters &p) {
  if (p.stage)
    return {.terms = spec.channels, .wantedShare = wantedShare};
  return {.terms = spec.channels,
          .isStaged = false,
          .isCuttable = false,
          .mostFetched = std::min(vectorOf(spec.partial), vectorOf(spec.channels - spec.partial)),
          .wantedShare = wantedShare};
}

SumShape fasternet::secondShape(const KernelSpec &spec, const CudaBlockParameters &p) {
  return {.terms = spec.hidden, .isStaged = p.stage != 0, .wantedShare = wantedShare};
}

SumShape fasternet::windowShape(const KernelSpec &spec, const CudaPatchConvParameters &p) {
  // Columns of a plane lie side by side, of which no pieces are made.
  if (spec.inputLayout == TensorLayout::NCHW)
    return {.terms = spec.kernel,
            .places = spec.kernel * spec.channels,
            .isStaged = false,
            .isCuttable = false,
            .wantedShare = wantedWindowShare};
  return {.terms = spec.channels,
          .places = spec.kernel * spec.kernel,
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
  const BlockSharedBytes shared = sharedBytes(spec, p);
  std::vector<LaunchPlan> plans;
  auto launch = [&](const BlockTile &block, int64_t channels, int64_t bytes) {
    const int64_t last = &block == &p.partialBlock ? 0 : &block == &p.firstBlock && p.launches > 1 ? 1 : 2;
    plans.push_back({blocksOf(block, channels, spec.width, spec.height, spec.batch),
                     {},
                     bytes,
                     blockTensorBytes(spec, p, last)});
  };
  auto copy = [&](int64_t channels, const BlockTile &block, const ThreadTile &thread) {
    if (p.stage)
      plans.back().phases.push_back(
          copyPhase(double(channels * block.places() * floatBytes), threadsOf(block, thread)));
  };
  auto sum = [&](const SumShape &shape, const BlockTile &block, const ThreadTile &thread) {
    plans.back().phases.push_back(sumPhase(target, shape, block, thread));
  };
  if (p.launches == 3) {
    launch(p.partialBlock, spec.partial, shared.partial);
    sum(partialShape(spec), p.partialBlock, p.partial);
  }
  launch(p.firstBlock, spec.hidden, p.launches == 1 ? shared.second : shared.first);
  copy(spec.channels, p.firstBlock, p.first);
  if (p.launches < 3)
    sum(partialShape(spec), p.partialBlock, p.partial);
  sum(firstShape(spec, p), p.firstBlock, p.first);
  if (p.launches > 1) {
    launch(p.secondBlock, spec.channels, shared.second);
    copy(spec.hidden, p.secondBlock, p.second);
  }
  sum(secondShape(spec, p), p.secondBlock, p.second);
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

double fasternet::blockTensorBytes(const KernelSpec &spec, const CudaBlockParameters &p, int64_t last) {
  const int64_t pixels = spec.batch * spec.height * spec.width;
  const int64_t first = p.launches == 1 ? 0 : p.launches == 2 && last == 1 ? 0 : last;
  int64_t values = 0; // of a pixel
  if (first == 0)
    values += last == 0 ? spec.partial : spec.channels;
  if (first == 1)
    values += spec.partial + spec.channels;
  if (first == 2)
    values += spec.hidden + spec.channels;
  values += last == 0 ? spec.partial : last == 1 ? spec.hidden : spec.channels;
  return double(floatBytes *
                (pixels * values + spec.weightBytes() / floatBytes / (last - first > 1 ? 1 : 2)));
}

double fasternet::planCycles(const Target &target, const std::vector<LaunchPlan> &launches) {
  double cycles = 0;
  for (const LaunchPlan &launch : launches)
    cycles += launchCycles(target, launch);
  return cycles;
}
