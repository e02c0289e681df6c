// The cost of a kernel from its machine code: what is counted is exact, what is predicted is plausible.
#include "tune/StaticCost.h"
#include "codegen/Codegen.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

StaticCost costOf(const char *spec, const char *target, const char *cpu, const char *overrides = "") {
  const Target tuned = tunedFor(*findTarget(target), *findCpu(cpu));
  ThroughputModel model = llvm::cantFail(ThroughputModel::create(tuned, *findCpu(cpu)));
  return llvm::cantFail(predictCost(
      llvm::cantFail(listKernel(llvm::cantFail(KernelSpec::parse(spec)), tuned, overrides)), model));
}

const char *merging = "patch_conv-n1-28x28-c80-o160-k2-s2-nhwc-f32-w32";
const char *block = "block-n1-28x28-c64-p16-h128-relu-f32-w32";

TEST(StaticCost, MultiplyAddsOfWholeTilesAreTheModels) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(merging));
  for (auto [target, cpu] : {std::pair("x86-64-v3", "haswell"), std::pair("x86-64-v4", "skylake-server")}) {
    const StaticCost cost = costOf(merging, target, cpu, "tile=5x2x1");
    EXPECT_EQ(cost.fmaFloats, double(spec.macs())) << target;
    EXPECT_GT(cost.instructions, cost.fmas);
    EXPECT_EQ(cost.innerSpills, 0u);
  }
  const KernelSpec relu = llvm::cantFail(KernelSpec::parse(block));
  EXPECT_EQ(
      costOf(block, "x86-64-v3", "haswell", "vector=8,partial=2x4x1,first=2x4x1,second=2x4x1,winograd=0")
          .fmaFloats,
      double(relu.macs()));
}

TEST(StaticCost, HalfPrecisionCountsTwiceTheElements) {
  const char *halfMerging = "patch_conv-n1-28x28-c80-o160-k2-s2-nhwc-f16-w16";
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(halfMerging));
  const StaticCost cost = costOf(halfMerging, "aarch64-fp16", "neoverse-n1", "tile=2x7x1");
  EXPECT_EQ(cost.fmaFloats, double(spec.macs()));
  EXPECT_EQ(cost.innerSpills, 0u);
  EXPECT_EQ(fmaElements(*findCpu("neoverse-n1"), ElementType::F16), 16);
  const double share = cost.shareOfPeak(spec, *findCpu("neoverse-n1"));
  EXPECT_GT(share, 0.5);
  EXPECT_LT(share, 1.05);
}

TEST(StaticCost, WithinThePeakAndNotFarFromIt) {
  for (const char *text : {merging, block}) {
    const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
    const double share = costOf(text, "x86-64-v3", "haswell").shareOfPeak(spec, *findCpu("haswell"));
    EXPECT_GT(share, 0.4) << text;
    EXPECT_LT(share, 1.2) << text; // products saved by pairs count as done
  }
}

TEST(StaticCost, RegisterTilesAreWhatMultiplies) {
  // Pairs of pixels are made and put together in loops that only add; without them all that counts
  // multiplies.
  const Cpu &core = *findCpu("cortex-a72");
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(block));
  const StaticCost pairs = costOf(block, "aarch64", "cortex-a72", "winograd=1");
  EXPECT_LT(pairs.tileCycles, 0.99 * pairs.cycles);
  EXPECT_GT(pairs.tileCycles, 0.8 * pairs.cycles);
  EXPECT_GT(pairs.shareInTiles(spec, core), 0.9);
  EXPECT_LE(pairs.shareInTiles(spec, core), 1.0);
  const StaticCost plain = costOf(block, "aarch64", "cortex-a72", "winograd=0,partial=2x7x1");
  EXPECT_GT(plain.tileCycles, 0.99 * plain.cycles);
}

TEST(StaticCost, TheLongerOfPipelineAndTrafficCounts) {
  const Target &target = *findTarget("x86-64-v3");
  EXPECT_EQ(cyclesWithTraffic(1000, {6400, 0}, target), 1000);
  EXPECT_GE(cyclesWithTraffic(1000, {0, 64000}, target), 8000);
  // Bound by memory alike, the shorter pipeline wins; more traffic outweighs it.
  EXPECT_LT(cyclesWithTraffic(900, {0, 64000}, target), cyclesWithTraffic(1000, {0, 64000}, target));
  EXPECT_LT(cyclesWithTraffic(1000, {0, 64000}, target), cyclesWithTraffic(900, {0, 65000}, target));
}

TEST(StaticCost, DefaultTilesOfAVX512DoNotSpill) {
  // One register more than accumulators and weights: 4x7 needs 33.
  for (const char *kernel : {block, "block-n1-7x7-c768-p192-h1536-relu-f32-w32"}) {
    EXPECT_EQ(costOf(kernel, "x86-64-v4", "skylake-server").innerSpills, 0u) << kernel;
    EXPECT_GT(costOf(kernel, "x86-64-v4", "skylake-server", "first=4x7x1,second=4x7x1").innerSpills, 0u)
        << kernel;
  }
}

TEST(StaticCost, SpillsAreSeenAndCost) {
  const char *fitting = "vector=8,tile=5x2x1", *spilling = "vector=8,tile=4x7x1";
  const StaticCost good = costOf(merging, "x86-64-v3", "haswell", fitting);
  const StaticCost bad = costOf(merging, "x86-64-v3", "haswell", spilling);
  EXPECT_EQ(good.innerSpills, 0u);
  EXPECT_GT(bad.innerSpills, 10u);
  EXPECT_GT(bad.cycles, 1.3 * good.cycles);
}

TEST(StaticCost, TasksOfParallelLoopsCountAll) {
  const StaticCost strips = costOf(merging, "x86-64-v3", "haswell", "tile=2x4x1,strip=1,share=0");
  const StaticCost tiles = costOf(merging, "x86-64-v3", "haswell", "tile=2x4x1,strip=14,share=1");
  EXPECT_EQ(strips.fmaFloats, tiles.fmaFloats);
}

TEST(StaticCost, EveryCpuHasAPipelineModel) {
  for (const Cpu &cpu : allCpus())
    for (const Target &target : allTargets())
      if ((target.tuneFor == cpu.name && cpu.family != TargetFamily::Cuda) ||
          (cpu.family == target.family && (target.name == "x86-64-v2" || target.name == "aarch64"))) {
        auto model = ThroughputModel::create(target, cpu);
        EXPECT_TRUE(bool(model)) << cpu.name.str() << ": " << llvm::toString(model.takeError());
      }
}

} // namespace
