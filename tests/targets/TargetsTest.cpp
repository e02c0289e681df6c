// The target table: names, order, feature bits equal to those of the runtime's ABI, and the host.
#include "targets/Targets.h"

#include "fasternet/abi.h"

#include "llvm/ADT/StringSet.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(Targets, NamesAreUniqueAndFound) {
  llvm::StringSet<> names;
  for (const Target &target : allTargets()) {
    EXPECT_TRUE(names.insert(target.name).second) << target.name.str();
    EXPECT_EQ(findTarget(target.name), &target);
  }
  EXPECT_EQ(findTarget("x86-64-v5"), nullptr);
  EXPECT_EQ(findTarget(""), nullptr);
}

TEST(Targets, FeatureBitsAreThoseOfTheRuntime) {
  auto bits = [](llvm::StringRef name) { return findTarget(name)->cpuFeatureBits; };
  EXPECT_EQ(bits("x86-64-v2"), FNET_CPU_X86_64_V2);
  EXPECT_EQ(bits("x86-64-v3"), FNET_CPU_X86_64_V3);
  EXPECT_EQ(bits("x86-64-v4"), FNET_CPU_X86_64_V4);
  EXPECT_EQ(bits("x86-64-zen4"), FNET_CPU_X86_64_V4 | FNET_CPU_AVX512_BF16 | FNET_CPU_VENDOR_AMD);
  EXPECT_EQ(bits("x86-64-sapphirerapids"),
            FNET_CPU_X86_64_V4 | FNET_CPU_AVX512_BF16 | FNET_CPU_AVX_VNNI | FNET_CPU_VENDOR_INTEL);
  EXPECT_EQ(bits("aarch64"), FNET_CPU_AARCH64);
  EXPECT_EQ(bits("aarch64-fp16"), FNET_CPU_AARCH64 | FNET_CPU_AARCH64_FP16);
}

TEST(Targets, HalfPrecisionIsAFeatureOfItsOwn) {
  for (const Target &target : allTargets())
    EXPECT_EQ(target.hasHalfPrecision(), target.name == "aarch64-fp16" || target.family == TargetFamily::Cuda)
        << target.name.str();
}

TEST(Targets, VectorsFitTheInstructionSet) {
  for (const Target &target : allTargets()) {
    EXPECT_EQ(target.vectorFloats, target.isa == Isa::AVX512 ? 16 : target.isa == Isa::AVX2 ? 8 : 4);
    EXPECT_LT(target.l1Bytes, target.l2Bytes);
    if (target.family == TargetFamily::Cuda)
      continue; // registers of a thread
    EXPECT_EQ(target.vectorRegisters, target.isa == Isa::AVX512 || target.isa == Isa::NEON ? 32 : 16);
    EXPECT_EQ(target.computeCapability(), 0);
    EXPECT_EQ(target.cores, 1);
  }
}

TEST(Targets, GpusAreNamedByTheirCapability) {
  int64_t gpus = 0;
  for (const Target &target : allTargets())
    if (target.family == TargetFamily::Cuda) {
      ++gpus;
      EXPECT_EQ(target.name, "cuda-sm" + std::to_string(target.computeCapability()));
      EXPECT_GT(target.cores, 1);
      EXPECT_FALSE(isHostFamily(target));
    }
  EXPECT_EQ(gpus, 5);
}

TEST(Targets, BetterTargetsComeFirst) {
  for (size_t i = 1; i < allTargets().size(); ++i)
    if (allTargets()[i - 1].family == allTargets()[i].family) {
      EXPECT_GE(allTargets()[i - 1].isa, allTargets()[i].isa);
    }
}

TEST(Targets, TriplesAreOfTheFamily) {
  for (const Target &target : allTargets())
    EXPECT_EQ(target.triple.starts_with("aarch64-"), target.family == TargetFamily::Arm) << target.name.str();
}

TEST(Targets, HostIsATargetOfTheTable) {
#if defined(__x86_64__)
  const Target *host = hostTarget();
  if (!host)
    GTEST_SKIP() << "this machine is below x86-64-v2";
  EXPECT_EQ(findTarget(host->name), host);
  EXPECT_EQ(host->isa >= Isa::AVX512, bool(__builtin_cpu_supports("avx512f")));
  EXPECT_TRUE(isHostFamily(*host));
  EXPECT_FALSE(isHostFamily(*findTarget("aarch64")));
#elif defined(__aarch64__)
  ASSERT_TRUE(hostTarget());
  EXPECT_EQ(hostTarget()->family, TargetFamily::Arm);
#else
  EXPECT_EQ(hostTarget(), nullptr);
#endif
}
