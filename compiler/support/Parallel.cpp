#include "support/Parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

unsigned fasternet::hardwareThreads() {
  return std::max(1u, std::thread::hardware_concurrency());
}

void fasternet::inParallel(unsigned threads, size_t count, llvm::function_ref<void(size_t)> work) {
  std::atomic<size_t> next{0};
  auto take = [&] {
    for (size_t i; (i = next++) < count;)
      work(i);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i)
    others.emplace_back(take);
  take();
  for (std::thread &thread : others)
    thread.join();
}
