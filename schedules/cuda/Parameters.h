// What the CUDA schedules leave open. Text forms as in schedules/Parameters.h.
#pragma once

#include "schedules/Parameters.h"

#include <algorithm>

namespace fasternet {

/// What one thread adds up: channels times pixels of a row, of one of `pieces` of the sum's terms. The pieces of a
/// sum go to different threads of a block, which add up their results in shared memory. Text: 4x7x2.
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

/// The largest divisor of `value` up to `most`, both at least 1.
inline int64_t largestDivisor(int64_t value, int64_t most) {
  int64_t divisor = std::min(value, most);
  while (value % divisor != 0)
    --divisor;
  return divisor;
}

/// Threads that compute `block` in tiles of `thread`, which must divide it.
inline int64_t threadsOf(const BlockTile &block, const ThreadTile &thread) {
  return block.channels / thread.channels * (block.pixels / thread.pixels) * block.rows * thread.pieces;
}

struct CudaPatchConvParameters {
  ThreadTile thread;
  BlockTile block;
  int64_t unroll = 1; ///< most loads of values of a pixel per iteration; as many as divide are taken
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
  int64_t firstUnroll = 1, secondUnroll = 1; ///< most loads of values of a pixel per iteration; as many as divide
  int64_t stage = 1;  ///< 1: what the products of a block read of their pixels lies in shared memory
  template <typename Visitor> void visit(Visitor &&member) {
    member("launches", launches), member("partial", partial), member("first", first), member("second", second),
        member("partialBlock", partialBlock), member("firstBlock", firstBlock), member("secondBlock", secondBlock),
        member("firstUnroll", firstUnroll), member("secondUnroll", secondUnroll), member("stage", stage);
  }
};

/// Of the products here `pixels` are images.
struct CudaHeadParameters {
  int64_t launches = 3; ///< 2: every block of the first product makes the means that it reads; 3: one for them
  int64_t threads = 1;  ///< of a block of the means
  ThreadTile first, second;
  BlockTile firstBlock, secondBlock;
  template <typename Visitor> void visit(Visitor &&member) {
    member("launches", launches), member("threads", threads), member("first", first), member("second", second),
        member("firstBlock", firstBlock), member("secondBlock", secondBlock);
  }
};

/// The block's tile passes through shared memory, since it is read along channels and written along rows.
struct CudaAffineParameters {
  BlockTile block;
  template <typename Visitor> void visit(Visitor &&member) { member("block", block); }
};

} // namespace fasternet
