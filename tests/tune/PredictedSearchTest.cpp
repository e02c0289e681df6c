// A search by predicted cost: it follows the model, and what it picks has been run and compared.
#include "tune/PredictedSearch.h"
#include "codegen/Codegen.h"
#include "driver/MeasuringLink.h"
#include "support/Diagnostics.h"
#include "support/Process.h"
#include "tune/Records.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

namespace {

class PredictedSearchTest : public testing::Test {
protected:
  PredictedSearchTest()
      : spec(llvm::cantFail(KernelSpec::parse("block-n1-6x6-c32-p8-h64-relu-f32-w32"))), target(*hostTarget()),
        folder(llvm::cantFail(TemporaryFolder::create())), path(folder.path("records.json")),
        file(llvm::cantFail(RecordsFile::open(path))), subject(kernelSubject(spec, target)) {
    options.target = &target;
    options.measuring.limitSeconds = 5;
    options.measuring.link = [this](const MeasuringParts &parts, const std::string &program) {
      return linkMeasuringProgram("cc", target.triple, parts, program);
    };
    options.file = file.get();
    options.compilerVersion = "0.1.0";
    options.date = "2026-11-25";
    options.stop = [] { return false; };
    options.progress = [](const SearchState &) {};
    start = llvm::cantFail(subject.parameters(""));
    goal = subject.steps(start).at(2);
    subject.predict = [this](llvm::StringRef point) -> llvm::Expected<double> {
      return point == goal ? 500.0 : 1000.0;
    };
  }

  std::vector<TuningRecord> written() const {
    Records records;
    Diagnostics diagnostics;
    llvm::cantFail(records.addFile(path, diagnostics));
    EXPECT_TRUE(diagnostics.all().empty());
    return records.of(spec.text(), target);
  }

  llvm::Error run() {
    PredictedSearch search(subject, options);
    llvm::Error error = search.run(std::chrono::steady_clock::now() + std::chrono::seconds(20));
    state = search.state();
    return error;
  }

  KernelSpec spec;
  Target target;
  TemporaryFolder folder;
  std::string path, start, goal;
  std::unique_ptr<RecordsFile> file;
  SearchSubject subject;
  SearchOptions options;
  SearchState state;
};

TEST_F(PredictedSearchTest, FollowsTheModelAndChecksTheWinner) {
  ASSERT_FALSE(bool(run()));
  EXPECT_EQ(state.parameters, goal);
  EXPECT_TRUE(state.exhausted);
  EXPECT_DOUBLE_EQ(state.shareOfPeak, double(spec.macs()) / double(target.fmaFloats) / 500);
  Records records;
  Diagnostics diagnostics;
  llvm::cantFail(records.addFile(path, diagnostics));
  EXPECT_EQ(records.choose(spec, target, diagnostics).parameters, goal);
  for (const TuningRecord &record : written())
    EXPECT_EQ(record.obtained, TuningRecord::Obtained::Predicted);
}

TEST_F(PredictedSearchTest, AWrongWinnerIsRecordedAndTheNextOneTaken) {
  const auto compile = subject.compile;
  subject.compile = [&](llvm::StringRef symbol, llvm::StringRef point) {
    auto kernel = compile(symbol, point);
    if (kernel && point == goal) // another kernel's code: same arguments, other values
      kernel->object = llvm::cantFail(compileKernel(
          llvm::cantFail(KernelSpec::parse("block-n1-6x6-c32-p8-h64-gelu-f32-w32")), target, symbol)).object;
    return kernel;
  };
  ASSERT_FALSE(bool(run()));
  EXPECT_NE(state.parameters, goal);
  EXPECT_EQ(state.lost, 1u);
  EXPECT_TRUE(llvm::any_of(written(), [&](const TuningRecord &record) {
    return record.parameters == goal && record.outcome == Outcome::Wrong;
  }));
}

TEST_F(PredictedSearchTest, NothingIsRecordedAsBestThatCannotBeRun) {
  options.measuring.runner = "false";
  EXPECT_FALSE(llvm::toString(run()).empty());
  EXPECT_FALSE(llvm::any_of(written(), [](const TuningRecord &r) { return r.outcome == Outcome::Best; }));
}

TEST_F(PredictedSearchTest, AModelThatSaysNothingIsAnError) {
  subject.predict = [](llvm::StringRef) -> llvm::Expected<double> { return inputError("no model"); };
  EXPECT_TRUE(llvm::toString(run()).find("cannot be predicted") != std::string::npos);
}

} // namespace
