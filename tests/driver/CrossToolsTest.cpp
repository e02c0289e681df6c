// Programs for another machine: the compiler by default, and errors before anything is compiled.
#include "driver/CrossTools.h"
#include "driver/Toolchain.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

const Target &arm() {
  return *findTarget("aarch64");
}
const Target &x86() {
  return *findTarget("x86-64-v3");
}

TEST(CrossTools, CompilersByTheNamesOfDistributions) {
  EXPECT_EQ(compilerFor(arm(), ""), isHostFamily(arm()) ? "cc" : "aarch64-linux-gnu-gcc");
  EXPECT_EQ(compilerFor(x86(), ""), isHostFamily(x86()) ? "cc" : "x86_64-linux-gnu-gcc");
  EXPECT_EQ(compilerFor(arm(), "clang"), "clang");
}

TEST(CrossTools, HintsNamePackages) {
  EXPECT_EQ(compilerHint(arm(), "aarch64-linux-gnu-gcc"),
            "; on Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross");
  EXPECT_EQ(compilerHint(x86(), "x86_64-linux-gnu-gcc"),
            "; on Debian: apt-get install gcc-x86-64-linux-gnu libc6-dev-amd64-cross");
  EXPECT_EQ(compilerHint(arm(), "no-such-cc"), "");
}

std::string problem(const Target &target, llvm::StringRef cc, std::vector<std::string> runners) {
  return llvm::toString(checkPrograms("verify", target, cc, runners));
}

TEST(CrossTools, ForeignProgramsNeedARunner) {
  const Target &foreign = isHostFamily(arm()) ? x86() : arm();
  for (const std::vector<std::string> &runners : {std::vector<std::string>{}, {""}, {"ssh board", ""}}) {
    const std::string message = problem(foreign, "cc", runners);
    EXPECT_NE(message.find("does not run on this machine"), std::string::npos) << message;
    EXPECT_NE(message.find(isHostFamily(arm()) ? "qemu-x86_64 " : "qemu-aarch64 "), std::string::npos)
        << message;
  }
}

TEST(CrossTools, CompilersMustBeThereAndOfTheTarget) {
  EXPECT_EQ(problem(arm(), "no-such-cc", {"qemu-aarch64"}),
            "cannot verify without the C compiler 'no-such-cc'");
  if (!haveCompiler("cc"))
    GTEST_SKIP() << "no cc here";
  const Target &own = isHostFamily(arm()) ? arm() : x86(), &foreign = isHostFamily(arm()) ? x86() : arm();
  EXPECT_EQ(problem(own, "cc", {}), "");
  EXPECT_EQ(problem(own, "cc", {"no-such-runner -x"}), "--runner: cannot find the program 'no-such-runner'");
  const std::string message = problem(foreign, "cc", {"env"});
  EXPECT_NE(message.find("--cc: 'cc' makes programs for "), std::string::npos) << message;
  // What says nothing of its processor is trusted.
  EXPECT_EQ(problem(foreign, "true", {"env"}), "");
}

} // namespace
