// Default parameters of the CUDA schedules.
#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/Strategies.h"
#include "schedules/cuda/ThreadTiling.h"

#include <algorithm>

using namespace fasternet;

namespace {

int64_t largestDivisor(int64_t value, int64_t most) {
  int64_t divisor = std::min(value, most);
  while (value % divisor != 0)
    --divisor;
  return divisor;
}

void chooseTiles(int64_t channels, int64_t width, BlockTile &block, ThreadTile &thread) {
  thread.channels = vectorOf(channels);
  block.pixels = width <= 28 ? width : std::max<int64_t>(largestDivisor(width, 28), 1);
  thread.pixels = largestDivisor(block.pixels, 7);
  const int64_t groups = channels / thread.channels;
  block.channels = thread.channels * largestDivisor(groups, std::max<int64_t>(1, 256 / (block.pixels / thread.pixels)));
}

} // namespace

CudaPatchConvParameters fasternet::defaultCudaPatchConv(const KernelSpec &spec, const Target &) {
  CudaPatchConvParameters p;
  chooseTiles(spec.outputs, spec.outputWidth(), p.block, p.thread);
  return p;
}

CudaBlockParameters fasternet::defaultCudaBlock(const KernelSpec &spec, const Target &) {
  CudaBlockParameters p;
  chooseTiles(spec.partial, spec.width, p.partialBlock, p.partial);
  chooseTiles(spec.hidden, spec.width, p.firstBlock, p.first);
  chooseTiles(spec.channels, spec.width, p.secondBlock, p.second);
  return p;
}

CudaHeadParameters fasternet::defaultCudaHead(const KernelSpec &spec, const Target &) {
  CudaHeadParameters p;
  p.threads = 64;
  auto choose = [&](int64_t outputs, int64_t inputs, BlockTile &block, ThreadTile &thread) {
    thread.channels = vectorOf(outputs);
    block.channels = thread.channels * largestDivisor(outputs / thread.channels, 4);
    thread.pieces = largestDivisor(inputs, 32);
  };
  choose(spec.features, spec.channels, p.firstBlock, p.first);
  if (spec.outputs)
    choose(spec.outputs, spec.features, p.secondBlock, p.second);
  return p;
}

CudaAffineParameters fasternet::defaultCudaAffine(const KernelSpec &spec, const Target &) {
  CudaAffineParameters p;
  p.block = {std::min<int64_t>(spec.channels, 32), std::min<int64_t>(spec.width, 32), 1};
  return p;
}
