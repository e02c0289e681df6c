// The CPUs that --tune-for takes, and what they change in a target.
#include "targets/Cpus.h"

#include "llvm/ADT/StringSet.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(Cpus, NamesAreUniqueAndSizesPlausible) {
  llvm::StringSet<> names;
  for (const Cpu &cpu : allCpus()) {
    EXPECT_TRUE(names.insert(cpu.name).second) << cpu.name.str();
    EXPECT_EQ(findCpu(cpu.name), &cpu);
    EXPECT_LT(cpu.l1Bytes, cpu.l2Bytes);
    EXPECT_GE(cpu.fmaFloats, 4);
    EXPECT_EQ(cpu.memoryBytesPerCycle > 0, cpu.family == TargetFamily::Cuda) << cpu.name.str();
  }
  EXPECT_EQ(findCpu("zen44"), nullptr);
}

TEST(Cpus, EveryTargetIsTunedForOneOfThem) {
  for (const Target &target : allTargets()) {
    const Cpu *cpu = findCpu(target.tuneFor);
    ASSERT_TRUE(cpu) << target.name.str();
    EXPECT_EQ(cpu->family, target.family);
    EXPECT_EQ(cpu->l2Bytes, target.l2Bytes);
  }
}

TEST(Cpus, TuningChangesCachesAndRecordsOnly) {
  const Target &level = *findTarget("x86-64-v3"), tuned = tunedFor(level, *findCpu("zen3"));
  EXPECT_EQ(tuned.name, level.name);
  EXPECT_EQ(tuned.isa, level.isa);
  EXPECT_EQ(tuned.cpuFeatureBits, level.cpuFeatureBits);
  EXPECT_EQ(tuned.tuneFor, "zen3");
  EXPECT_EQ(tuned.l2Bytes, 512 * 1024);
}

TEST(Cpus, OrderOfIssueReachesTheTarget) {
  const Target &arm = *findTarget("aarch64");
  EXPECT_TRUE(arm.inOrder);
  EXPECT_TRUE(tunedFor(arm, *findCpu("cortex-a55")).inOrder);
  EXPECT_FALSE(tunedFor(arm, *findCpu("cortex-a76")).inOrder);
  EXPECT_FALSE(findTarget("x86-64-v3")->inOrder);
}
