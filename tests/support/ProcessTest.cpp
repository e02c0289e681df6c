// Other programs: status, both outputs, and what cannot be started.
#include "support/Process.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace fasternet;

static ProcessResult shell(const std::string &script) {
  return llvm::cantFail(runProcess({std::string("sh"), std::string("-c"), script}));
}

TEST(Process, ReturnsStatusAndBothOutputs) {
  ProcessResult result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(shell("true").status, 0);
}

TEST(Process, GivesNoInput) {
  EXPECT_EQ(shell("cat").out, "");
}

TEST(Process, ReportsASignal) {
  ProcessResult result = shell("kill -KILL $$");
  EXPECT_LT(result.status, 0);
}

TEST(Process, NamesAProgramThatIsNotThere) {
  auto result = runProcess({std::string("fasternet-no-such-program")});
  ASSERT_FALSE(bool(result));
  EXPECT_NE(llvm::toString(result.takeError()).find("'fasternet-no-such-program'"), std::string::npos);
}

TEST(Process, PutsTheRunnerBeforeTheProgram) {
  auto result = runProgram("echo 'two words' more", "/some/program");
  ASSERT_TRUE(bool(result)) << llvm::toString(result.takeError());
  EXPECT_EQ(result->out, "two words more /some/program\n");
  auto incomplete = runProgram("ssh", "/some/program");
  ASSERT_FALSE(bool(incomplete));
  EXPECT_NE(llvm::toString(incomplete.takeError()).find("HOST"), std::string::npos);
}

TEST(Process, RemovesItsTemporaryFolder) {
  std::string path;
  {
    TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
    path = folder.path("");
    EXPECT_TRUE(llvm::sys::fs::is_directory(path));
  }
  EXPECT_FALSE(llvm::sys::fs::exists(path));
}
