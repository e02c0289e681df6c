// The emulated memories notice what lockstep hides: missing barriers, early reads, places beyond the buffer.
#include "tensorcore/emulation/Memory.h"

#include <gtest/gtest.h>

using namespace fasternet;
using namespace fasternet::tensorcore;

static std::string refusal(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "";
}

#define EXPECT_REFUSED(error, text)                                                                          \
  EXPECT_NE(refusal(error).find(text), std::string::npos) << "expected a refusal that says: " << text

TEST(SharedMemory, NeedsABarrierBetweenThreads) {
  SharedMemory memory("tile", ElementType::F32, 8);
  float value = 3, read = 0;
  EXPECT_REFUSED(memory.load(0, 0, 1, &read), "read before it is written");
  EXPECT_EQ(refusal(memory.store(0, 0, 1, &value)), "");
  EXPECT_EQ(refusal(memory.load(0, 0, 1, &read)), "");
  EXPECT_REFUSED(memory.load(1, 0, 1, &read), "without a barrier after another thread's write");
  EXPECT_REFUSED(memory.store(1, 0, 1, &value), "without a barrier after another thread's write");
  memory.barrier();
  EXPECT_EQ(refusal(memory.load(1, 0, 1, &read)), "");
  EXPECT_EQ(read, 3);
  EXPECT_REFUSED(memory.store(0, 0, 1, &value), "without a barrier after another thread's read");
  memory.barrier();
  EXPECT_EQ(refusal(memory.store(0, 0, 1, &value)), "");
}

TEST(SharedMemory, CopiesAreNobodysUntilTheyEnd) {
  SharedMemory memory("tile", ElementType::F16, 16);
  float read[8];
  EXPECT_EQ(refusal(memory.beginCopy(0, 8, 8)), "");
  EXPECT_REFUSED(memory.load(0, 8, 8, read), "read while it is copied");
  EXPECT_REFUSED(memory.store(0, 8, 8, read), "written while it is copied");
  memory.endCopy(0, 8, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_REFUSED(memory.load(32, 8, 8, read), "without a barrier");
  memory.barrier();
  EXPECT_EQ(refusal(memory.load(32, 8, 8, read)), "");
  EXPECT_EQ(read[7], 8);
  EXPECT_REFUSED(memory.beginCopy(0, 8, 8), "without a barrier after another thread's read");
  EXPECT_REFUSED(memory.beginCopy(0, 4, 8), "not aligned");
}

TEST(GlobalMemory, WatchesBoundsAndOrder) {
  using Use = GlobalMemory::Use;
  std::vector<uint8_t> bytes(16);
  float values[4] = {1, 2, 3, 4};
  GlobalMemory input("input", ElementType::F32, Use::ReadOnly, bytes);
  EXPECT_REFUSED(input.load(0, 4, 1, values), "elements 4 to 5 of input, which has 4");
  EXPECT_REFUSED(input.load(0, 1, 2, values), "not aligned for 2");
  EXPECT_REFUSED(input.store(0, 0, 1, values), "an input is written");
  GlobalMemory between("hidden", ElementType::F32, Use::Intermediate, bytes);
  between.beginLaunch();
  EXPECT_REFUSED(between.load(0, 0, 1, values), "read before it is written");
  EXPECT_EQ(refusal(between.store(0, 0, 2, values)), "");
  EXPECT_REFUSED(between.store(9, 1, 1, values), "written twice in one launch");
  EXPECT_REFUSED(between.load(0, 0, 1, values), "read in the launch that writes it");
  between.beginLaunch();
  EXPECT_EQ(refusal(between.load(0, 0, 2, values)), "");
  GlobalMemory output("output", ElementType::F32, Use::WriteOnly, bytes);
  EXPECT_REFUSED(output.load(0, 0, 1, values), "an output is read");
}
