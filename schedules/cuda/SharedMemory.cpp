#include "schedules/cuda/SharedMemory.h"
#include "schedules/cuda/ThreadTiling.h"

#include <algorithm>

using namespace fasternet;

namespace {

constexpr int64_t floatBytes = 4;

/// What one block reads of its pixels.
int64_t slabBytes(int64_t channels, const BlockTile &block) {
  return floatBytes * sharedStride(channels) * block.places();
}

/// The results of a sum's pieces.
int64_t pieceBytes(const BlockTile &block, const ThreadTile &thread) {
  return thread.pieces > 1 ? floatBytes * block.channels * block.places() * thread.pieces : 0;
}

} // namespace

int64_t fasternet::sharedBytes(const KernelSpec &spec, const CudaPatchConvParameters &p) {
  return pieceBytes(p.block, p.thread) +
         (p.stage ? slabBytes(spec.channels, p.block) * spec.kernel * spec.kernel : 0);
}

BlockSharedBytes fasternet::sharedBytes(const KernelSpec &spec, const CudaBlockParameters &p) {
  BlockSharedBytes bytes;
  // Without a slab both groups of the first product's channels have pieces of their own.
  bytes.partial = pieceBytes(p.partialBlock, p.partial);
  bytes.first = p.stage ? slabBytes(spec.channels, p.firstBlock) + pieceBytes(p.firstBlock, p.first)
                        : 2 * pieceBytes(p.firstBlock, p.first);
  bytes.second = pieceBytes(p.secondBlock, p.second) + (p.stage ? slabBytes(spec.hidden, p.secondBlock) : 0);
  if (p.launches < 3)
    bytes.first += bytes.partial, bytes.partial = 0;
  if (p.launches < 2)
    bytes.second += bytes.first, bytes.first = 0;
  return bytes;
}

int64_t fasternet::sharedBytes(const KernelSpec &spec, const CudaHeadParameters &p) {
  const int64_t first = pieceBytes(p.firstBlock, p.first) +
                        (p.launches == 2 ? slabBytes(spec.channels, p.firstBlock) : 0);
  return std::max(first, spec.outputs > 0 ? pieceBytes(p.secondBlock, p.second) : 0);
}

int64_t fasternet::sharedBytes(const KernelSpec &, const CudaAffineParameters &p) {
  return floatBytes * (p.block.channels + 1) * p.block.places();
}
