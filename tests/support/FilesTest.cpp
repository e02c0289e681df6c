// Output files: whole or not at all, and a look ahead whether they can be written.
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace fasternet;

static size_t entriesOf(const std::string &folder) {
  size_t count = 0;
  std::error_code ec;
  for (llvm::sys::fs::directory_iterator it(folder, ec), end; it != end && !ec; it.increment(ec))
    ++count;
  return count;
}

TEST(Files, WritesAndReplaces) {
  const TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  const std::string path = folder.path("file");
  for (const char *text : {"first", "a longer second"}) {
    llvm::cantFail(writeFile(path, text));
    EXPECT_EQ(llvm::cantFail(mapFile(path))->getBuffer(), text);
  }
  EXPECT_EQ(entriesOf(folder.path(".")), 1u);
}

TEST(Files, CheckWritableLeavesNoTrace) {
  const TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  llvm::cantFail(checkWritable(folder.path("new")));
  EXPECT_EQ(entriesOf(folder.path(".")), 0u);
  llvm::cantFail(writeFile(folder.path("old"), "kept"));
  llvm::cantFail(checkWritable(folder.path("old")));
  EXPECT_EQ(llvm::cantFail(mapFile(folder.path("old")))->getBuffer(), "kept");
  EXPECT_EQ(entriesOf(folder.path(".")), 1u);
}

TEST(Files, CheckWritableNamesThePath) {
  const TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  for (const std::string &path : {folder.path("missing/file"), folder.path(".")}) {
    llvm::Error error = checkWritable(path);
    ASSERT_TRUE(bool(error)) << path;
    EXPECT_EQ(llvm::toString(std::move(error)).find(path + ": "), 0u);
  }
}
