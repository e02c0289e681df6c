// What other programs see of a generated object, by the symbol table that readelf prints.
#include "EmitTest.h"

using namespace fasternet;
using namespace fasternet::test;

static const char *const kernel =
    "void *halide_malloc(void *context, unsigned long bytes);\n"
    "int tiny_shared;\n"
    "static int local(int x) { return x * 3; }\n"
    "int helper(int x) { return local(x) + tiny_shared; }\n"
    "void *tiny_run(void *context) { return halide_malloc(context, helper(8)); }\n";

/// The rows of readelf for global symbols: "BINDING VISIBILITY INDEX NAME", INDEX being UND for references.
static std::string symbolsOf(const Folder &folder, llvm::StringRef object) {
  folder.write("rewritten.o", object);
  EXPECT_EQ(shell("readelf -sW " + folder.path("rewritten.o") + " > " + folder.path("table")), 0);
  std::string rows;
  llvm::SmallVector<llvm::StringRef> lines, words;
  const std::string table = folder.read("table");
  llvm::StringRef(table).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    words.clear();
    line.split(words, ' ', -1, /*KeepEmpty=*/false);
    if (words.size() == 8 && words[4] == "GLOBAL")
      rows += (words[5] + (words[6] == "UND" ? " reference " : " definition ") + words[7] + "\n").str();
  }
  return rows;
}

TEST(Symbols, RenamesHidesAndPrefixes) {
  Folder folder;
  auto object = rewriteSymbols(objectOf(folder, kernel), kernelRenames(), {std::string("tiny_run")}, "tiny_");
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  const std::string symbols = symbolsOf(folder, *object);
  for (const char *row : {"DEFAULT definition tiny_run\n", "HIDDEN definition tiny_shared\n",
                          "HIDDEN definition tiny_helper\n", "HIDDEN reference fnet_internal_malloc\n"})
    EXPECT_NE(symbols.find(row), std::string::npos) << row << "not in\n" << symbols;
  EXPECT_EQ(symbols.find("halide_malloc"), std::string::npos) << symbols;
}

TEST(Symbols, RenamesDefinitionsToo) {
  Folder folder;
  auto object = rewriteSymbols(objectOf(folder, "int old(void) { return 7; }\n"), {{"old", "tiny_new"}},
                               {std::string("tiny_new")}, "tiny_");
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  EXPECT_EQ(symbolsOf(folder, *object), "DEFAULT definition tiny_new\n");
}

TEST(Symbols, AllowsLibcAndLibmAndNamesTheRest) {
  Folder folder;
  auto allowed = rewriteSymbols(objectOf(folder, "float erff(float);\n"
                                                 "float tiny_act(float x) { return erff(x) * 2; }\n"),
                                {}, {}, "tiny_");
  EXPECT_TRUE(bool(allowed)) << llvm::toString(allowed.takeError());
  const std::string message = messageOf(rewriteSymbols(
      objectOf(
          folder,
          "int puts(const char *);\nint getpid(void);\nint tiny_f(void) { return puts(\"\") + getpid(); }\n"),
      {}, {}, "tiny_"));
  EXPECT_NE(message.find("puts"), std::string::npos) << message;
  EXPECT_NE(message.find("getpid"), std::string::npos) << message;
}

TEST(Symbols, RefusesWhatIsNotAnElfObject) {
  EXPECT_NE(messageOf(rewriteSymbols("not an object", {}, {}, "tiny_")), "");
  EXPECT_NE(messageOf(codeBytes("not an object")), "");
}

TEST(Symbols, CountsWhatIsLoaded) {
  Folder folder;
  const int64_t small = llvm::cantFail(codeBytes(objectOf(folder, "const char table[16] = {1};\n")));
  const int64_t large = llvm::cantFail(codeBytes(objectOf(folder, "const char table[4016] = {1};\n")));
  EXPECT_EQ(large - small, 4000);
}
