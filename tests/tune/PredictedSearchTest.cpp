// A search by predicted cost: it follows the model, and what it picks has been run and compared.
#include "tune/PredictedSearch.h"
#include "SearchTest.h"
#include "codegen/Codegen.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

namespace {

class PredictedSearchTest : public SearchTest {
protected:
  PredictedSearchTest() : subject(kernelSubject(spec, target)) {
    options.measuring.limitSeconds = 5;
    start = llvm::cantFail(subject.parameters(""));
    goal = subject.steps(start).at(2);
    subject.predict = [this](llvm::StringRef point) -> llvm::Expected<double> {
      return point == goal ? 500.0 : 1000.0;
    };
  }

  llvm::Error run(const Records &known = Records(), int seconds = 20) {
    PredictedSearch search(subject, known, options);
    llvm::Error error = search.run(soon(seconds));
    state = search.state();
    return error;
  }

  std::string start, goal;
  SearchSubject subject;
  SearchState state;
};

TEST_F(PredictedSearchTest, FollowsTheModelAndChecksTheWinner) {
  ASSERT_FALSE(bool(run()));
  EXPECT_EQ(state.parameters, goal);
  EXPECT_TRUE(state.exhausted);
  EXPECT_DOUBLE_EQ(state.shareOfPeak, double(spec.macs()) / double(target.fmaFloats) / 500);
  Diagnostics diagnostics;
  EXPECT_EQ(recorded().choose(spec, target, diagnostics).parameters, goal);
  for (const TuningRecord &record : written())
    EXPECT_EQ(record.obtained, TuningRecord::Obtained::Predicted);
}

TEST_F(PredictedSearchTest, AWrongWinnerIsRecordedAndTheNextOneTaken) {
  const auto check = subject.check;
  subject.check = [&](llvm::StringRef point, const MeasuringOptions &measuring) {
    if (point != goal)
      return check(point, measuring);
    // Another kernel's code: same arguments, other values.
    const KernelSpec other = llvm::cantFail(KernelSpec::parse("block-n1-6x6-c32-p8-h64-gelu-f32-w32"));
    return runOnce(target, llvm::cantFail(compileKernel(other, target, "candidate_0")), subject.expected(),
                   measuring);
  };
  ASSERT_FALSE(bool(run()));
  EXPECT_NE(state.parameters, goal);
  EXPECT_EQ(state.lost, 1u);
  EXPECT_TRUE(llvm::any_of(written(), [&](const TuningRecord &record) {
    return record.parameters == goal && record.outcome == Outcome::Wrong;
  }));
  // Nor is it checked again.
  const size_t before = written().size();
  ASSERT_FALSE(bool(run(recorded())));
  EXPECT_EQ(state.lost, 0u);
  EXPECT_EQ(written().size(), before);
}

TEST_F(PredictedSearchTest, ASecondRunPredictsAndRecordsNothingAgain) {
  ASSERT_FALSE(bool(run()));
  const size_t before = written().size();
  ASSERT_FALSE(bool(run(recorded())));
  EXPECT_EQ(state.parameters, goal);
  EXPECT_EQ(state.tried, 0u);
  EXPECT_EQ(written().size(), before);
}

TEST_F(PredictedSearchTest, WhatDoesNotCompileIsRecordedWithItsReasonAndNotTriedAgain) {
  subject.predict = [this](llvm::StringRef point) -> llvm::Expected<double> {
    if (point == goal)
      return inputError("does not fit");
    return 1000.0;
  };
  ASSERT_FALSE(bool(run()));
  EXPECT_EQ(state.lost, 1u);
  EXPECT_TRUE(llvm::any_of(written(), [&](const TuningRecord &record) {
    return record.parameters == goal && record.outcome == Outcome::Failed && record.why == "does not fit";
  }));
  ASSERT_FALSE(bool(run(recorded())));
  EXPECT_EQ(state.tried, 0u);
}

TEST_F(PredictedSearchTest, AtTheDeadlineTheBestSoFarIsChecked) {
  ASSERT_FALSE(bool(run(Records(), /*seconds=*/0)));
  EXPECT_EQ(state.tried, 1u);
  EXPECT_FALSE(state.exhausted);
  Diagnostics diagnostics;
  EXPECT_EQ(recorded().choose(spec, target, diagnostics).parameters, start);
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
