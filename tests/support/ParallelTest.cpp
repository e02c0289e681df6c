#include "support/Parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

using namespace fasternet;

TEST(Parallel, EveryPieceIsDoneOnce) {
  for (unsigned threads : {1u, 2u, 7u}) {
    std::vector<std::atomic<int>> done(100);
    inParallel(threads, done.size(), [&](size_t i) { ++done[i]; });
    for (const std::atomic<int> &count : done)
      EXPECT_EQ(count, 1) << threads << " threads";
  }
  inParallel(4, 0, [](size_t) { FAIL(); });
  EXPECT_GE(hardwareThreads(), 1u);
}
