// Names of --target to targets: each once, best first, of one family.
#include "driver/TargetChoice.h"

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
