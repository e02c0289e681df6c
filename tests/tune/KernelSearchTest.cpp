// A search among planted candidates: one that crashes, one that hangs, one that is wrong, and one that does
// not compile cost themselves and nothing else.
#include "tune/KernelSearch.h"
#include "SearchTest.h"
#include "codegen/Codegen.h"
#include "support/Files.h"
#include "tune/PredictedSearch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <atomic>
#include <mutex>
#include <set>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

namespace {

/// An object whose kernel does what `body` says instead of its work.
std::string plantedObject(llvm::StringRef symbol, llvm::StringRef body) {
  auto folder = llvm::cantFail(TemporaryFolder::create());
  const std::string source = folder.path("planted.c"), object = folder.path("planted.o");
  llvm::cantFail(writeFile(source, ("int " + symbol + "(void *context) { " + body + " return 0; }\n").str()));
  EXPECT_EQ(llvm::cantFail(runProcess({std::string("cc"), "-O0", "-c", source, "-o", object})).status, 0);
  return (*llvm::MemoryBuffer::getFile(object))->getBuffer().str();
}

using KernelSearchTest = SearchTest;

TEST_F(KernelSearchTest, PlantedCandidatesCostThemselvesOnly) {
  std::atomic<int> compiled{0};
  SearchSubject subject = kernelSubject(spec, target);
  subject.predict = nullptr; // the strategy's order
  subject.compile = [&](llvm::StringRef symbol,
                        llvm::StringRef parameters) -> llvm::Expected<CompiledKernel> {
    auto kernel = compileKernel(spec, target, symbol, parameters);
    if (!kernel)
      return kernel;
    switch (compiled++) { // 0 is the default, 1 the same in the first batch
    case 2:
      kernel->object = plantedObject(symbol, "*(volatile int *)16 = 1;");
      break;
    case 3:
      kernel->object = plantedObject(symbol, "for (;;) ;");
      break;
    case 4: // leaves the output as it was
      kernel->object = plantedObject(symbol, "");
      break;
    case 5:
      return inputError("planted refusal");
    case 6:
      kernel->object = plantedObject(symbol, "__builtin_trap();");
      break;
    }
    return kernel;
  };
  KernelSearch search(subject, Records(), options);
  ASSERT_FALSE(bool(search.run(soon(4))));
  EXPECT_GE(search.state().lost, 5u);
  EXPECT_GT(search.state().tried, 5u) << "the search went on";

  const auto records = written();
  auto count = [&](Outcome outcome) {
    return llvm::count_if(records, [&](const TuningRecord &record) { return record.outcome == outcome; });
  };
  EXPECT_EQ(count(Outcome::Crashed), 2);
  EXPECT_EQ(count(Outcome::Hung), 1);
  EXPECT_EQ(count(Outcome::Wrong), 1);
  EXPECT_EQ(count(Outcome::Failed), 1);
  EXPECT_GE(count(Outcome::Best), 1);
  for (const TuningRecord &record : records)
    EXPECT_TRUE(record.outcome != Outcome::Failed || record.why == "planted refusal") << record.why;
}

TEST_F(KernelSearchTest, ASecondRunGoesOnWhereTheFirstStopped) {
  KernelSearch first(kernelSubject(spec, target), Records(), options);
  ASSERT_FALSE(bool(first.run(soon(3))));
  const size_t before = written().size();
  KernelSearch second(kernelSubject(spec, target), recorded(), options);
  ASSERT_FALSE(bool(second.run(soon(3))));
  const auto all = written();
  EXPECT_TRUE(all.size() > before || first.state().exhausted);
  // Nothing is tried twice: each point is recorded once, apart from becoming the best.
  std::set<std::string> tried;
  for (const TuningRecord &record : all)
    EXPECT_TRUE(record.outcome == Outcome::Best || tried.insert(record.parameters).second)
        << record.parameters;
}

TEST_F(KernelSearchTest, MeasuresTheBestPredictedFirstAndTheHopelessNever) {
  SearchSubject subject = kernelSubject(spec, target);
  const std::string start = llvm::cantFail(subject.parameters(""));
  const std::vector<std::string> steps = subject.steps(start);
  ASSERT_GT(steps.size(), 6u);
  subject.predict = [&](llvm::StringRef point) -> llvm::Expected<double> {
    return point == steps[0] ? 1000.0 : point == steps[3] ? 50.0 : 100.0;
  };
  std::vector<std::string> compiled;
  std::mutex mutex;
  const auto compile = subject.compile;
  subject.compile = [&](llvm::StringRef symbol, llvm::StringRef point) {
    std::lock_guard<std::mutex> lock(mutex);
    compiled.push_back(point.str());
    return compile(symbol, point);
  };
  KernelSearch search(subject, Records(), options);
  ASSERT_FALSE(bool(search.run(soon(3))));
  ASSERT_GT(compiled.size(), 2u);
  EXPECT_EQ(compiled[0], start);
  EXPECT_TRUE(compiled[1] == start && compiled[2] == steps[3]) << "the incumbent, then the best predicted";
  EXPECT_FALSE(llvm::is_contained(compiled, steps[0]));
  EXPECT_GE(search.state().pruned, 1u);
  const auto records = written();
  const auto pruned =
      llvm::find_if(records, [&](const TuningRecord &record) { return record.parameters == steps[0]; });
  ASSERT_NE(pruned, records.end());
  EXPECT_EQ(pruned->obtained, TuningRecord::Obtained::Predicted);
  EXPECT_EQ(pruned->outcome, Outcome::Slower);
}

TEST_F(KernelSearchTest, ExchangesAmongThreadsCount) {
  for (const bool startExchanges : {false, true}) {
    SearchSubject subject = kernelSubject(spec, target);
    const std::string start = llvm::cantFail(subject.parameters(""));
    subject.exchangeSeconds = [=](llvm::StringRef point) {
      return (point == start) == startExchanges ? 1 : 0;
    };
    KernelSearch search(subject, Records(), options);
    ASSERT_FALSE(bool(search.run(soon(3))));
    EXPECT_GT(search.state().tried, 1u);
    EXPECT_EQ(search.state().parameters == start, !startExchanges);
    EXPECT_LT(search.state().milliseconds, 100) << "what is shown and recorded is measured";
  }
}

TEST_F(KernelSearchTest, TasksOfASharedStripExchange) {
  const SearchSubject subject = kernelSubject(spec, target);
  auto seconds = [&](const char *overrides) {
    return subject.exchangeSeconds(llvm::cantFail(subject.parameters(overrides)));
  };
  EXPECT_EQ(seconds("share=0"), 0);
  // The hidden layer of 36 pixels, at 15 GB/s.
  EXPECT_DOUBLE_EQ(seconds("share=1,rows=6"), 4.0 * 36 * 64 / 15e9);
}

TEST_F(KernelSearchTest, WhatIsPrunedAgainIsNotRecordedAgain) {
  SearchSubject subject = kernelSubject(spec, target);
  const std::string start = llvm::cantFail(subject.parameters(""));
  subject.predict = [&](llvm::StringRef point) -> llvm::Expected<double> {
    return point == start ? 100.0 : 1000.0;
  };
  KernelSearch first(subject, Records(), options);
  ASSERT_FALSE(bool(first.run(soon(20))));
  EXPECT_GT(first.state().pruned, 6u);
  const size_t before = written().size();
  KernelSearch second(subject, recorded(), options);
  ASSERT_FALSE(bool(second.run(soon(20))));
  EXPECT_EQ(second.state().pruned, first.state().pruned);
  EXPECT_EQ(written().size(), before);
}

TEST_F(KernelSearchTest, APredictionTakesNothingFromMeasuring) {
  SearchSubject subject = kernelSubject(spec, target);
  subject.predict = [](llvm::StringRef point) -> llvm::Expected<double> {
    return double(100 + point.size());
  };
  PredictedSearch predicted(subject, Records(), options);
  ASSERT_FALSE(bool(predicted.run(soon(20))));
  KernelSearch search(subject, recorded(), options);
  ASSERT_FALSE(bool(search.run(soon(3))));
  EXPECT_GT(search.state().tried, 1u);
  const auto records = written();
  EXPECT_TRUE(llvm::any_of(records, [](const TuningRecord &record) {
    return record.obtained == TuningRecord::Obtained::Measured && record.outcome == Outcome::Best;
  })) << "also where the measured best is the point that was predicted";
}

TEST_F(KernelSearchTest, StopsWhenAsked) {
  options.stop = [] { return true; };
  KernelSearch search(kernelSubject(spec, target), Records(), options);
  ASSERT_FALSE(bool(search.run(soon(60))));
  EXPECT_EQ(search.state().tried, 1u);
  EXPECT_FALSE(search.state().parameters.empty());
}

TEST_F(KernelSearchTest, ARunnerThatDoesNotWorkIsAnError) {
  options.measuring.runner = "false";
  KernelSearch search(kernelSubject(spec, target), Records(), options);
  EXPECT_TRUE(llvm::toString(search.run(soon(10))).find("status 1") != std::string::npos);
}

} // namespace
