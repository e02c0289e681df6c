// What the tests of emission share: a folder of their own, the C compiler, a model to describe.
#pragma once

#include "emit/Emit.h"
#include "support/Files.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace fasternet::test {

/// A folder that is removed with everything in it.
class Folder {
public:
  Folder() { EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("fasternet-emit", root)); }
  ~Folder() { llvm::sys::fs::remove_directories(root); }
  std::string path(llvm::StringRef name = "") const {
    llvm::SmallString<128> joined(root);
    if (!name.empty())
      llvm::sys::path::append(joined, name);
    return std::string(joined);
  }
  /// Writes a file, with the folders before it, and returns its path.
  std::string write(llvm::StringRef name, llvm::StringRef text) const {
    EXPECT_FALSE(llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path(name))));
    EXPECT_EQ(message(writeFile(path(name), text)), "");
    return path(name);
  }
  /// "nothing" where there is no such file.
  std::string read(llvm::StringRef name) const {
    auto buffer = llvm::MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "nothing";
  }
  /// Everything in the folder and below it, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    std::error_code ec;
    for (llvm::sys::fs::recursive_directory_iterator entry(root, ec), end; entry != end && !ec;
         entry.increment(ec))
      found.push_back(entry->path().substr(root.size() + 1));
    llvm::sort(found);
    return found;
  }

  static std::string message(llvm::Error error) { return error ? llvm::toString(std::move(error)) : ""; }

private:
  llvm::SmallString<128> root;
};

template <typename T> std::string messageOf(llvm::Expected<T> value) {
  return Folder::message(value.takeError());
}

/// Runs a command of the shell; its output goes to the test's.
inline int shell(const std::string &command) {
  return std::system(command.c_str());
}

/// The bytes of the object that cc makes of `source`.
inline std::string objectOf(const Folder &folder, llvm::StringRef source) {
  const std::string c = folder.write("source.c", source), o = folder.path("source.o");
  EXPECT_EQ(shell("cc -O1 -fPIC -ffreestanding -c -o " + o + " " + c), 0);
  return folder.read("source.o");
}

inline ModelInterface sampleModel(int64_t outputs) {
  ModelInterface model;
  model.name = "tiny";
  model.compilerVersion = "0.1.0";
  model.inputs = {{"input", {1, 3, 8, 8}}};
  if (outputs == 1)
    model.outputs = {{"output", {1, 10}}};
  else
    for (int64_t i = 0; i < outputs; ++i)
      model.outputs.push_back({"output" + std::to_string(i), {1, 2 << i, 8 >> i, 8 >> i}});
  model.instanceBytes = 1024;
  model.instanceWorkerBytes = 256;
  model.arenaBytes = 512;
  model.weightBytes = 640;
  model.macs = 5000;
  model.kernels = {{"affine-n1-8x8-c2-f32-w32", 3, 128, 1024, {{"x86-64-v3", "rows(2)", 77}}}};
  model.targets = {"x86-64-v4", "x86-64-v3"};
  return model;
}

} // namespace fasternet::test
