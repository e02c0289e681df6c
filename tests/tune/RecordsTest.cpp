// Records as text and as files: what is read, what is skipped, which one a kernel gets.
#include "tune/Records.h"
#include "schedules/Schedules.h"
#include "support/Process.h"
#include "targets/Cpus.h"
#include "tune/RecordsFile.h"
#include "tune/ShippedRecords.h"

#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

namespace {

const char *specText = "block-n1-14x14-c160-p40-h320-gelu-f32-w32";

KernelSpec spec() {
  return llvm::cantFail(KernelSpec::parse(specText));
}

const Target &zen4() {
  return *findTarget("x86-64-zen4");
}

/// Complete parameters with the members that `overrides` names; what does not fit stays as it is.
std::string full(llvm::StringRef overrides) {
  auto parameters = scheduleParameters(spec(), zen4(), overrides);
  if (parameters)
    return *parameters;
  llvm::consumeError(parameters.takeError());
  return overrides.str();
}

TuningRecord record(llvm::StringRef parameters, double share, Outcome outcome = Outcome::Best) {
  return {.kernel = specText,
          .cpu = "zen4",
          .isa = "avx512",
          .parameters = full(parameters),
          .outcome = outcome,
          .milliseconds = 0.5,
          .peakGflops = 100,
          .shareOfPeak = share,
          .compiler = "0.1.0",
          .date = "2026-11-25"};
}

/// The choice among lines, and the warnings.
Records::Choice choose(const std::string &text, std::string *warnings = nullptr) {
  Records records;
  Diagnostics diagnostics;
  records.add("dir/some.tuned.json", text, diagnostics);
  Records::Choice choice = records.choose(spec(), zen4(), diagnostics);
  if (warnings) {
    llvm::raw_string_ostream os(*warnings);
    diagnostics.print(os);
  }
  return choice;
}

std::string read(const std::string &path) {
  return (*llvm::MemoryBuffer::getFile(path))->getBuffer().str();
}

TEST(Records, SurviveTheirTextForm) {
  TuningRecord lost = record("unroll=2", 0, Outcome::Crashed);
  lost.why = "signal \"11\"\n\xff";
  auto read = TuningRecord::parse(lost.line());
  ASSERT_TRUE(bool(read));
  EXPECT_EQ(read->outcome, Outcome::Crashed);
  EXPECT_EQ(lost.line().find('\n'), std::string::npos);
  auto best = TuningRecord::parse(record("unroll=4", 0.75).line());
  ASSERT_TRUE(bool(best));
  EXPECT_EQ(best->line(), record("unroll=4", 0.75).line());
}

TEST(Records, TheLargestShareWins) {
  const std::string text = record("unroll=2", 0.8).line() + "\n" + record("unroll=4", 0.9).line() + "\n" +
                           record("unroll=8", 0.95, Outcome::Slower).line() + "\n";
  const Records::Choice choice = choose(text);
  EXPECT_EQ(choice.parameters, full("unroll=4"));
  EXPECT_EQ(choice.origin, "some.tuned.json, measured for zen4 on 2026-11-25");
}

TEST(Records, ALaterOneThatBeatItSideBySideWinsOverALargerShare) {
  TuningRecord winner = record("unroll=4", 0.6); // measured on a busy machine
  winner.beats = full("unroll=2");
  const std::string first = record("unroll=2", 0.9).line() + "\n", second = winner.line() + "\n";
  EXPECT_EQ(choose(first + second).parameters, full("unroll=4"));
  // What was measured after it has not been beaten by it.
  EXPECT_EQ(choose(second + first).parameters, full("unroll=2"));
}

TEST(Records, MeasuredBeatsPredicted) {
  TuningRecord predicted = record("unroll=8", 0.99);
  predicted.obtained = TuningRecord::Obtained::Predicted;
  predicted.cycles = 1000;
  predicted.beats = full("unroll=2"); // by prediction, which takes nothing from what was measured
  const std::string measured = record("unroll=2", 0.5).line() + "\n";
  EXPECT_EQ(choose(measured + predicted.line()).parameters, full("unroll=2"));
  TuningRecord emulated = record("unroll=4", 0.999);
  emulated.obtained = TuningRecord::Obtained::Emulated;
  EXPECT_EQ(choose(emulated.line() + "\n" + predicted.line()).parameters, full("unroll=8"));
}

TEST(Records, APredictedOneHasCyclesAndNoTimes) {
  TuningRecord predicted = record("unroll=8", 0.9);
  predicted.obtained = TuningRecord::Obtained::Predicted;
  predicted.cycles = 1234;
  const std::string line = predicted.line();
  EXPECT_EQ(line.find("\"ms\""), std::string::npos);
  EXPECT_EQ(llvm::cantFail(TuningRecord::parse(line)).cycles, 1234);
  std::string unknown = line;
  unknown.replace(unknown.find("predicted"), 9, "guessed");
  EXPECT_EQ(llvm::toString(TuningRecord::parse(unknown).takeError()),
            "'obtained': found 'guessed', expected measured, predicted or emulated");
}

TEST(Records, OthersKernelsAndCpusDoNotApply) {
  TuningRecord other = record("unroll=2", 0.9);
  other.cpu = "zen3";
  TuningRecord narrow = record("unroll=2", 0.9);
  narrow.isa = "avx2";
  const Records::Choice choice = choose(other.line() + "\n" + narrow.line() + "\n");
  EXPECT_EQ(choice.parameters, "");
  EXPECT_EQ(choice.origin, "default, no record for zen4");
}

TEST(Records, OneThatNoLongerFitsIsReportedAndSkipped) {
  std::string warnings;
  TuningRecord partial = record("unroll=4", 0.97);
  partial.parameters = "unroll=4";
  const std::string text = record("vector=64", 0.99).line() + "\n" + record("gone=1", 0.98).line() + "\n" +
                           partial.line() + "\n" + record("unroll=2", 0.5).line() + "\n";
  EXPECT_EQ(choose(text, &warnings).parameters, full("unroll=2"));
  EXPECT_NE(warnings.find("vector=64"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("gone=1"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("not complete"), std::string::npos) << warnings;
  EXPECT_EQ(choose(record("gone=1", 1).line()).origin, "default, no usable record for zen4");
}

TEST(Records, BrokenLinesAreSkippedWithTheirPlace) {
  std::string warnings;
  const std::string whole = record("unroll=2", 0.9).line();
  const std::string text =
      whole.substr(0, 40) + "\n\n[]\n{\"kernel\": 3}\n" + whole + "\n" + whole.substr(0, whole.size() - 1);
  EXPECT_EQ(choose(text, &warnings).parameters, full("unroll=2"));
  for (const char *place :
       {"some.tuned.json:1", "some.tuned.json:3", "some.tuned.json:4", "some.tuned.json:6"})
    EXPECT_NE(warnings.find(place), std::string::npos) << warnings;
}

TEST(Records, AFileIsAppendedAndItsUnfinishedLineClosed) {
  auto folder = llvm::cantFail(TemporaryFolder::create());
  const std::string path = folder.path("r.json");
  const std::string line = record("unroll=2", 0.9).line();
  std::ofstream(path) << line << "\n" << line.substr(0, 30);
  {
    auto file = llvm::cantFail(RecordsFile::open(path));
    ASSERT_FALSE(bool(file->append(record("unroll=4", 0.95))));
  }
  EXPECT_EQ(read(path), line + "\n" + line.substr(0, 30) + "\n" + record("unroll=4", 0.95).line() + "\n");
  // Merging is concatenation.
  EXPECT_EQ(choose(read(path) + read(path)).parameters, full("unroll=4"));
}

TEST(Records, AFolderIsNoRecordsFile) {
  auto file = RecordsFile::open("/");
  ASSERT_FALSE(bool(file));
  EXPECT_NE(llvm::toString(file.takeError()).find("/: "), std::string::npos);
}

TEST(Records, ShippedOnesFitTheirKernels) {
  const Records records = Records::shipped();
  size_t count = 0;
  for (const ShippedRecords &file : shippedRecords()) {
    llvm::SmallVector<llvm::StringRef> lines;
    file.text.split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef line : lines) {
      const TuningRecord record = llvm::cantFail(TuningRecord::parse(line));
      const KernelSpec kernel = llvm::cantFail(KernelSpec::parse(record.kernel));
      const Cpu *cpu = findCpu(record.cpu);
      ASSERT_TRUE(cpu) << record.cpu;
      for (const Target &level : allTargets()) {
        if (isaName(level.isa) != record.isa)
          continue;
        Diagnostics diagnostics;
        const Records::Choice choice = records.choose(kernel, tunedFor(level, *cpu), diagnostics);
        EXPECT_TRUE(diagnostics.all().empty()) << record.kernel << ": " << diagnostics.all()[0].message;
        // No ARM core was at hand.
        const std::string how = cpu->family == TargetFamily::Arm ? "predicted for " : "measured for ";
        EXPECT_NE(choice.origin.find(how + record.cpu), std::string::npos) << choice.origin;
        // Complete: a default that changes must not change what was measured.
        EXPECT_EQ(choice.parameters, record.parameters);
        ++count;
      }
    }
  }
  EXPECT_GT(count, 0u);
}

} // namespace
