// The kernels that the harness measures a GPU's peaks with: nothing of their loops is folded, merged or
// spilled.
#include "device/Disassembly.h"
#include "device/InstructionMix.h"
#include "device/PtxAssembler.h"
#include "harness/gpu_ptx.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

/// The loop of what `write` makes, in machine code.
template <typename Write> InstructionMix loopOf(Write &&write, int64_t capability) {
  static ptx_text ptx;
  write(&ptx);
  EXPECT_LT(ptx.length, sizeof ptx.text - 1) << "cut off";
  const Cubin cubin = llvm::cantFail(assemblePtx(ptx.text, capability));
  const ResourceUsage *usage = cubin.find("peak");
  if (!usage || !usage->entry) {
    ADD_FAILURE() << "there is no entry 'peak'";
    return {};
  }
  EXPECT_EQ(usage->stackBytes, 0);
  EXPECT_LE(usage->registers, 64) << "four blocks of 256 threads share 65536";
  const auto functions = llvm::cantFail(disassemble(cubin.bytes));
  const FunctionMix mix = functions.size() == 1 ? countInstructions(functions.front()) : FunctionMix();
  if (mix.loops.size() != 1) {
    ADD_FAILURE() << mix.loops.size() << " loops in the first of " << functions.size() << " functions";
    return {};
  }
  return mix.loops.front().mix;
}

/// Beside the multiplications: counting rounds, and moves, of which a tensor core's instruction covers
/// several.
constexpr size_t overhead = 4, mmaOverhead = 12;

TEST(PeakKernels, MultiplyAdds) {
  for (int64_t capability : {75, 80, 86, 89, 90}) {
    const InstructionMix loop = loopOf(write_fma_peak, capability);
    EXPECT_EQ(loop.count("FFMA"), size_t(fma_per_round));
    EXPECT_LE(loop.instructions, size_t(fma_per_round) + overhead);
  }
}

TEST(PeakKernels, TensorCores) {
  for (int64_t capability : {75, 80, 86, 89, 90})
    for (int tf32 : {0, 1}) {
      if (tf32 && capability < 80)
        continue;
      int macs = 0;
      auto write = [&](ptx_text *ptx) { macs = write_mma_peak(ptx, tf32, int(capability)); };
      const InstructionMix loop = loopOf(write, capability);
      EXPECT_EQ(loop.count("HMMA"), size_t(mma_per_round));
      EXPECT_LE(loop.instructions, size_t(mma_per_round) + mmaOverhead);
      EXPECT_EQ(macs, 16 * 8 * (tf32 || capability < 80 ? 8 : 16));
    }
}

TEST(PeakKernels, Reading) {
  for (int64_t capability : {75, 80, 86, 89, 90})
    EXPECT_EQ(loopOf(write_reading_peak, capability).count("LDG"), size_t(reads_per_round));
}

} // namespace
