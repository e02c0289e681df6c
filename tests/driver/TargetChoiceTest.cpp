// Names of --target to targets: each once, best first, of one family.
#include "driver/TargetChoice.h"
#include "targets/Cpus.h"

#include <gtest/gtest.h>

using namespace fasternet;

static std::vector<std::string> chosen(const std::vector<std::string> &names) {
  std::vector<std::string> result;
  for (const Target *target : llvm::cantFail(chooseTargets(names)))
    result.push_back(target->name.str());
  return result;
}

TEST(TargetChoice, OrdersBestFirstWithoutDuplicates) {
  const std::vector<std::string> best = {"x86-64-v4", "x86-64-v3", "x86-64-v2"};
  EXPECT_EQ(chosen({"x86-64-v2", "x86-64-v4", "x86-64-v2", "x86-64-v3", "x86-64-v4"}), best);
  EXPECT_EQ(chosen(best), best);
}

TEST(TargetChoice, HostIsTheBestOfThisMachine) {
  const Target *host = hostTarget();
  if (!host)
    GTEST_SKIP() << "no target fits this machine";
  EXPECT_EQ(chosen({"host"}), std::vector<std::string>{host->name.str()});
  EXPECT_EQ(chosen({"host", host->name.str()}).size(), 1u);
}

TEST(TargetChoice, NamesTheUnknownAndTheKnown) {
  auto targets = chooseTargets({std::string("z80")});
  ASSERT_FALSE(bool(targets));
  const std::string message = llvm::toString(targets.takeError());
  EXPECT_NE(message.find("'z80'"), std::string::npos) << message;
  EXPECT_NE(message.find("host"), std::string::npos) << message;
  for (const Target &target : allTargets())
    EXPECT_NE(message.find(target.name.str()), std::string::npos) << message;
}

TEST(TargetChoice, FamiliesAreNotMixed) {
  for (const char *cpu : {"", "zen4"}) {
    auto targets = chooseTargets({std::string("x86-64-v3"), std::string("aarch64")}, cpu);
    ASSERT_FALSE(bool(targets));
    const std::string message = llvm::toString(targets.takeError());
    EXPECT_NE(message.find("'aarch64' and 'x86-64-v3' belong to different families"), std::string::npos)
        << message;
  }
  auto targets = chooseTargets({std::string("aarch64")}, "zen4");
  ASSERT_FALSE(bool(targets));
  EXPECT_EQ(llvm::toString(targets.takeError()), "--tune-for: 'zen4' cannot run target 'aarch64'");
  EXPECT_TRUE(llvm::cantFail(chooseTargets({std::string("aarch64")}, "cortex-a53"))[0]->inOrder);
}

TEST(TargetChoice, TuneForBringsCachesAndRecordsOfAnotherCpu) {
  auto targets = chooseTargets({std::string("x86-64-v3"), std::string("x86-64-v2")}, "zen3");
  ASSERT_TRUE(bool(targets)) << llvm::toString(targets.takeError());
  for (const Target *target : *targets) {
    EXPECT_EQ(target->tuneFor, "zen3");
    EXPECT_EQ(target->l2Bytes, 512 * 1024);
  }
  EXPECT_EQ((*targets)[0]->name, "x86-64-v3");
  // A named target keeps its own CPU, whatever machine compiles.
  EXPECT_EQ((*llvm::cantFail(chooseTargets({std::string("x86-64-v3")}))[0]).tuneFor, "x86-64-v3");
}

TEST(TargetChoice, HostIsTunedForThisMachine) {
  if (!hostTarget() || !hostCpu())
    GTEST_SKIP() << "this machine is not in the tables";
  EXPECT_EQ(llvm::cantFail(chooseTargets({std::string("host")}))[0]->tuneFor, hostCpu()->name);
}

TEST(TargetChoice, NamesTheUnknownCpuAndTheKnown) {
  auto targets = chooseTargets({std::string("x86-64-v3")}, "z80");
  ASSERT_FALSE(bool(targets));
  const std::string message = llvm::toString(targets.takeError());
  EXPECT_NE(message.find("--tune-for: found 'z80'"), std::string::npos) << message;
  EXPECT_NE(message.find("zen4"), std::string::npos) << message;
}
