// run allocates nothing: the program's malloc counts.
#include "FakeModel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define COUNTS_ALLOCATIONS 0
#else
#define COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<int> allocations = 0;
} // namespace

#if COUNTS_ALLOCATIONS
// In place of the C library's, for every caller in the program, the C library itself included.
extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void *calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void *realloc(void *pointer, size_t bytes) {
  ++allocations;
  return __libc_realloc(pointer, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **pointer, size_t alignment, size_t bytes) {
  ++allocations;
  *pointer = __libc_memalign(alignment, bytes);
  return *pointer ? 0 : ENOMEM;
}
}
#endif

namespace {

void expectNoAllocation(size_t threads) {
#if !COUNTS_ALLOCATIONS
  GTEST_SKIP() << "a sanitizer has malloc";
#endif
  int before = allocations;
  std::vector<unsigned char> memory(fnet_pool_bytes(threads));
  EXPECT_GT(allocations, before) << "the counter works";
  fnet_pool *pool = nullptr;
  ASSERT_EQ(fnet_pool_init(memory.data(), memory.size(), threads, &pool), FNET_OK);
  FakeModel model(doublingKernel);
  FakeInstance instance(model, threads == 1 ? nullptr : fnet_pool_parallel(pool));
  before = allocations;
  int failures = 0;
  for (int i = 0; i < 100; ++i)
    failures += instance.run() != FNET_OK || !instance.outputIsDoubled();
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(failures, 0);
  fnet_pool_done(pool);
}

TEST(Allocation, NoneInRunOnOneThread) {
  expectNoAllocation(1);
}

TEST(Allocation, NoneInRunOnFourThreads) {
  expectNoAllocation(4);
}

} // namespace
