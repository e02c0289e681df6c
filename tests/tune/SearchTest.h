// What tests of searches share: a small kernel, programs for this machine, options for quick runs, and the
// records written.
#pragma once

#include "driver/MeasuringLink.h"
#include "support/Diagnostics.h"
#include "support/Process.h"
#include "tune/Records.h"
#include "tune/SearchOptions.h"

#include <gtest/gtest.h>

#include <chrono>

namespace fasternet {

class SearchTest : public testing::Test {
protected:
  /// Records are for `target`; programs are made for this machine.
  explicit SearchTest(const Target &target = *hostTarget())
      : spec(llvm::cantFail(KernelSpec::parse("block-n1-6x6-c32-p8-h64-relu-f32-w32"))), target(target),
        folder(llvm::cantFail(TemporaryFolder::create())), path(folder.path("records.json")),
        file(llvm::cantFail(RecordsFile::open(path))) {
    options.target = &this->target;
    options.measuring = {.rounds = 3, .windowSeconds = 1e-4, .limitSeconds = 1};
    options.measuring.link = [](const MeasuringParts &parts, const std::string &program) {
      return linkMeasuringProgram("cc", hostTarget()->triple, parts, program);
    };
    options.file = file.get();
    options.compilerVersion = "0.1.0";
    options.date = "2026-11-25";
    options.stop = [] { return false; };
    options.progress = [](const SearchState &) {};
  }

  /// All that was written so far.
  Records recorded() const {
    Records records;
    Diagnostics diagnostics;
    llvm::cantFail(records.addFile(path, diagnostics));
    EXPECT_TRUE(diagnostics.all().empty());
    return records;
  }
  std::vector<TuningRecord> written() const { return recorded().of(spec.text(), target); }

  static auto soon(int seconds) { return std::chrono::steady_clock::now() + std::chrono::seconds(seconds); }

  KernelSpec spec;
  Target target;
  TemporaryFolder folder;
  std::string path;
  std::unique_ptr<RecordsFile> file;
  SearchOptions options;
};

} // namespace fasternet
