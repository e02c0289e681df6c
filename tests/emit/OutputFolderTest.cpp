// A set of files appears whole or not at all.
#include "emit/OutputFolder.h"
#include "EmitTest.h"

using namespace fasternet;
using namespace fasternet::test;
using Names = std::vector<std::string>;

static std::unique_ptr<OutputFolder> outputIn(const std::string &path) {
  auto output = OutputFolder::create(path);
  EXPECT_TRUE(bool(output));
  return llvm::cantFail(std::move(output));
}

static std::string add(OutputFolder &output, llvm::StringRef name, llvm::StringRef text) {
  return Folder::message(output.add(name, text));
}

TEST(OutputFolder, PlacesTheSetAndKeepsForeignFiles) {
  Folder folder;
  folder.write("out/foreign.txt", "mine");
  folder.write("out/a.h", "old");
  {
    auto output = outputIn(folder.path("out"));
    EXPECT_EQ(add(*output, "a.h", "new"), "");
    EXPECT_EQ(add(*output, "sub/b.h", "deep"), "");
    folder.write("elsewhere", "");
    auto path = output->addPath("a.json");
    ASSERT_TRUE(bool(path));
    EXPECT_EQ(Folder::message(writeFile(*path, "manifest")), "");
    EXPECT_EQ(folder.read("out/a.h"), "old"); // nothing happens before commit
    EXPECT_EQ(Folder::message(output->commit()), "");
  }
  EXPECT_EQ(folder.names(), (Names{"elsewhere", "out", "out/a.h", "out/a.json", "out/foreign.txt", "out/sub",
                                   "out/sub/b.h"}));
  EXPECT_EQ(folder.read("out/a.h"), "new");
  EXPECT_EQ(folder.read("out/sub/b.h"), "deep");
  EXPECT_EQ(folder.read("out/foreign.txt"), "mine");
}

TEST(OutputFolder, LeavesNothingWithoutCommit) {
  Folder folder;
  {
    auto output = outputIn(folder.path("new/deeper"));
    EXPECT_EQ(add(*output, "a.h", "text"), "");
  }
  EXPECT_EQ(folder.names(), Names{});
}

TEST(OutputFolder, LeavesNothingWhenAFileIsMissing) {
  Folder folder;
  {
    auto output = outputIn(folder.path("new"));
    EXPECT_EQ(add(*output, "sub/a.h", "text"), "");
    EXPECT_FALSE(output->addPath("never.a").takeError());
    const std::string message = Folder::message(output->commit());
    EXPECT_NE(message.find(folder.path("new/never.a")), std::string::npos) << message;
  }
  EXPECT_EQ(folder.names(), Names{});
}

TEST(OutputFolder, KeepsTheOldSetWhenADirectoryIsInTheWay) {
  Folder folder;
  folder.write("out/a.h", "old");
  folder.write("out/a.json/inner", "a directory");
  {
    auto output = outputIn(folder.path("out"));
    EXPECT_EQ(add(*output, "a.h", "new"), "");
    EXPECT_EQ(add(*output, "a.json", "manifest"), "");
    const std::string message = Folder::message(output->commit());
    EXPECT_NE(message.find(folder.path("out/a.json")), std::string::npos) << message;
  }
  EXPECT_EQ(folder.names(), (Names{"out", "out/a.h", "out/a.json", "out/a.json/inner"}));
  EXPECT_EQ(folder.read("out/a.h"), "old");
}

TEST(OutputFolder, RestoresTheOldSetWhenPlacingFails) {
  Folder folder;
  folder.write("out/a.h", "old");
  folder.write("out/a.json", "old manifest");
  {
    auto output = outputIn(folder.path("out"));
    EXPECT_EQ(add(*output, "a.h", "new"), "");
    // The second of two equal names finds its staged file gone: a failure after all checks have passed.
    EXPECT_EQ(add(*output, "twice", "1"), "");
    EXPECT_EQ(add(*output, "twice", "2"), "");
    EXPECT_EQ(add(*output, "a.json", "manifest"), "");
    EXPECT_NE(Folder::message(output->commit()), "");
  }
  EXPECT_EQ(folder.names(), (Names{"out", "out/a.h", "out/a.json"}));
  EXPECT_EQ(folder.read("out/a.h"), "old");
  EXPECT_EQ(folder.read("out/a.json"), "old manifest");
}

TEST(OutputFolder, NamesAFileThatStandsWhereTheFolderShould) {
  Folder folder;
  const std::string path = folder.write("file", "text");
  auto output = OutputFolder::create(path + "/out");
  ASSERT_FALSE(bool(output));
  const std::string message = llvm::toString(output.takeError());
  EXPECT_NE(message.find(path), std::string::npos) << message;
  EXPECT_EQ(folder.read("file"), "text");
}
