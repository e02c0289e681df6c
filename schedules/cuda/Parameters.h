// What the CUDA schedules leave open. Text forms as in schedules/Parameters.h.
#pragma once

#include "schedules/Parameters.h"

#include <algorithm>
#include <vector>

namespace fasternet {

/// What one thread adds up: channels times pixels of a row, of one of `pieces` of the sum's terms. The pieces
/// of a sum go to different threads of a block, which add up their results in shared memory. Text: 4x7x2.
struct ThreadTile {
  int64_t channels = 1, pixels = 1, pieces = 1;
  std::array<int64_t *, 3> sides() { return {&channels, &pixels, &pieces}; }
  bool operator==(const ThreadTile &) const = default;
};

/// What one block of threads computes. Text: 64x14x2.
struct BlockTile {
  int64_t channels = 1, pixels = 1, rows = 1;
  int64_t places() const { return pixels * rows; }
  std::array<int64_t *, 3> sides() { return {&channels, &pixels, &rows}; }
  bool operator==(const BlockTile &) const = default;
};

/// Blocks of a launch in its second and third dimension, which are tiles of pixels and images.
inline constexpr int64_t mostBlocksAcross = 65535;

/// The largest divisor of `value` up to `most`, both at least 1.
inline int64_t largestDivisor(int64_t value, int64_t most) {
  int64_t divisor = std::min(value, most);
  while (value % divisor != 0)
    --divisor;
  return divisor;
}

/// Of each of nested loops, innermost first, the iterations that are unrolled where `most` copies of the body
/// are: as many as divide, and of a loop around another only where that one is unrolled whole.
inline std::vector<int64_t> unrolledOf(const std::vector<int64_t> &extents, int64_t most) {
  std::vector<int64_t> unrolled(extents.size(), 1);
  for (size_t i = 0; i < extents.size(); ++i) {
    unrolled[i] = largestDivisor(extents[i], std::max<int64_t>(1, most));
    if (unrolled[i] < extents[i])
      break;
    most /= unrolled[i];
  }
  return unrolled;
}

/// Threads that compute `block` in tiles of `thread`, which must divide it.
inline int64_t threadsOf(const BlockTile &block, const ThreadTile &thread) {
  return block.channels / thread.channels * (block.pixels / thread.pixels) * block.rows * thread.pieces;
}

struct CudaPatchConvParameters {
  ThreadTile thread;
  BlockTile block;
  int64_t unroll = 1; ///< most loads of values of a pixel per iteration: see unrolledOf
  int64_t stage = 0;  ///< 1: the windows of a block's pixels lie in shared memory
  template <typename Visitor> void visit(Visitor &&member) {
    member("thread", thread), member("block", block), member("unroll", unroll), member("stage", stage);
  }
};

struct CudaBlockParameters {
  /// 1: all in one; 2: the convolution with the first product, the second apart; 3: each apart.
  int64_t launches = 3;
  ThreadTile partial, first, second; ///< of the convolution and the two products
  BlockTile partialBlock, firstBlock, secondBlock;
  int64_t partialUnroll = 1, firstUnroll = 1,
          secondUnroll = 1; ///< most loads of values of a pixel per iteration: see unrolledOf
  int64_t stage = 1;        ///< 1: what the products of a block read of their pixels lies in shared memory
  template <typename Visitor> void visit(Visitor &&member) {
    member("launches", launches), member("partial", partial), member("first", first),
        member("second", second), member("partialBlock", partialBlock), member("firstBlock", firstBlock),
        member("secondBlock", secondBlock), member("partialUnroll", partialUnroll),
        member("firstUnroll", firstUnroll), member("secondUnroll", secondUnroll), member("stage", stage);
  }
};

/// The members that belong to one of a block's sums, which are numbered in the order of their computation.
struct BlockSum {
  ThreadTile CudaBlockParameters::*thread;
  BlockTile CudaBlockParameters::*block;
  int64_t CudaBlockParameters::*unroll;
};
inline constexpr BlockSum blockSums[] = {
    {&CudaBlockParameters::partial, &CudaBlockParameters::partialBlock, &CudaBlockParameters::partialUnroll},
    {&CudaBlockParameters::first, &CudaBlockParameters::firstBlock, &CudaBlockParameters::firstUnroll},
    {&CudaBlockParameters::second, &CudaBlockParameters::secondBlock, &CudaBlockParameters::secondUnroll}};
inline constexpr int lastBlockSum = 2;

/// The last of the sums that one launch computes together with `sum`. Blocks of a launch are its tiles.
inline int lastOfLaunch(const CudaBlockParameters &p, int sum) {
  return p.launches == 1 || sum == lastBlockSum ? lastBlockSum : p.launches == 2 ? 1 : sum;
}

/// Of the products here `pixels` are images.
struct CudaHeadParameters {
  int64_t launches =
      3;               ///< 2: every block of the first product makes the means that it reads; 3: one for them
  int64_t threads = 1; ///< of a block of the means
  ThreadTile first, second;
  BlockTile firstBlock, secondBlock;
  template <typename Visitor> void visit(Visitor &&member) {
    member("launches", launches), member("threads", threads), member("first", first),
        member("second", second), member("firstBlock", firstBlock), member("secondBlock", secondBlock);
  }
};

/// The block's tile passes through shared memory, since it is read along channels and written along rows.
struct CudaAffineParameters {
  BlockTile block;
  template <typename Visitor> void visit(Visitor &&member) { member("block", block); }
};

} // namespace fasternet
