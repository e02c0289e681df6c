// Where the tests of the front end find and put files.
#pragma once

#include "frontend/Weights.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

namespace fasternet::test {

inline std::string goldenPath(const std::string &relative) {
  return std::string(FASTERNET_TEST_DATA) + "/golden/" + relative;
}

/// Diagnostics as the user sees them.
inline std::string printed(const Diagnostics &diagnostics) {
  std::string text;
  llvm::raw_string_ostream os(text);
  diagnostics.print(os);
  return text;
}

inline ModelDescription goldenModel(const std::string &name) {
  Diagnostics diagnostics;
  auto model = loadModelDescription(goldenPath(name + "/model.json"), diagnostics);
  EXPECT_TRUE(model) << printed(diagnostics);
  return model.value_or(ModelDescription());
}

/// The description of a JSON text whose file is called model.json; the messages otherwise.
struct Parsed {
  explicit Parsed(llvm::StringRef json) : model(parseModelDescription(json, "model.json", diagnostics)) {}
  Diagnostics diagnostics;
  std::optional<ModelDescription> model;
};

/// A file name that is free, and freed again.
class TemporaryFile {
public:
  explicit TemporaryFile(llvm::StringRef ending) {
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("fasternet", ending, name));
  }
  ~TemporaryFile() { llvm::sys::fs::remove(name); }
  llvm::StringRef path() const { return name; }

private:
  llvm::SmallString<128> name;
};

} // namespace fasternet::test
