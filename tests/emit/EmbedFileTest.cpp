// A file's bytes reach a linked program unchanged, aligned, and under a hidden name.
#include "EmitTest.h"

using namespace fasternet;
using namespace fasternet::test;

#if defined(__x86_64__)
static const char *const hostTriple = "x86_64-unknown-linux-gnu";
#else
static const char *const hostTriple = "aarch64-unknown-linux-gnu";
#endif

TEST(EmbedFile, ReadsBackThroughTheLinker) {
  Folder folder;
  std::string bytes;
  for (int i = 0; i < 1000; ++i)
    bytes += char(i * 7);
  auto object = embedFile(folder.write("data", bytes), "tiny_weights", hostTriple);
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  folder.write("data.o", *object);
  folder.write("main.c", "#include <stdint.h>\n#include <stdio.h>\n"
                         "extern const unsigned char tiny_weights[];\n"
                         "int main(void) {\n"
                         "  if ((uintptr_t)tiny_weights % 64 != 0) return 1;\n"
                         "  return fwrite(tiny_weights, 1, 1000, stdout) == 1000 ? 0 : 2;\n}\n");
  ASSERT_EQ(shell("cc -o " + folder.path("main") + " " + folder.path("main.c") + " " + folder.path("data.o")),
            0);
  ASSERT_EQ(shell(folder.path("main") + " > " + folder.path("out")), 0);
  EXPECT_EQ(folder.read("out"), bytes);

  ASSERT_EQ(
      shell("readelf -sW " + folder.path("data.o") + " | grep tiny_weights > " + folder.path("symbols")), 0);
  const std::string symbols = folder.read("symbols");
  EXPECT_NE(symbols.find("1000 OBJECT  GLOBAL HIDDEN"), std::string::npos) << symbols;
}

TEST(EmbedFile, WritesForOtherMachines) {
  Folder folder;
  auto object = embedFile(folder.write("data", "abc"), "tiny_weights", "aarch64-unknown-linux-gnu");
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  EXPECT_EQ((*object)[18], char(183)); // e_machine: EM_AARCH64
}

TEST(EmbedFile, NamesWhatIsWrong) {
  Folder folder;
  const std::string absent = folder.path("absent"), there = folder.write("data", "abc");
  std::string message = messageOf(embedFile(absent, "s", hostTriple));
  EXPECT_NE(message.find(absent), std::string::npos) << message;
  for (const char *triple : {"nowhere-unknown-linux-gnu", "x86_64-apple-macos"}) {
    message = messageOf(embedFile(there, "s", triple));
    EXPECT_NE(message.find(triple), std::string::npos) << message;
  }
}
