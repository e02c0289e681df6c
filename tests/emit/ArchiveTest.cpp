// Archives are the same bytes each time and readable by other tools.
#include "EmitTest.h"

using namespace fasternet;
using namespace fasternet::test;

TEST(Archive, IsDeterministicAndReadable) {
  Folder folder;
  const std::vector<ArchiveMember> members = {{"one.o", objectOf(folder, "int one(void) { return 1; }\n")},
                                              {"two.o", objectOf(folder, "int two(void) { return 2; }\n")}};
  ASSERT_EQ(Folder::message(writeStaticLibrary(folder.path("first.a"), members)), "");
  ASSERT_EQ(Folder::message(writeStaticLibrary(folder.path("second.a"), members)), "");
  EXPECT_EQ(folder.read("first.a"), folder.read("second.a"));

  ASSERT_EQ(shell("ar t " + folder.path("first.a") + " > " + folder.path("list")), 0);
  EXPECT_EQ(folder.read("list"), "one.o\ntwo.o\n");

  folder.write("main.c", "int one(void);\nint two(void);\nint main(void) { return one() + two(); }\n");
  ASSERT_EQ(
      shell("cc -o " + folder.path("main") + " " + folder.path("main.c") + " " + folder.path("first.a")), 0);
  EXPECT_EQ(shell(folder.path("main")) >> 8, 3);
}

TEST(Archive, NamesThePathThatCannotBeWritten) {
  Folder folder;
  const std::string path = folder.path("absent/x.a");
  const std::string message = Folder::message(writeStaticLibrary(path, {}));
  EXPECT_NE(message.find(path), std::string::npos) << message;
}
