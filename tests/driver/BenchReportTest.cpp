// The measuring program's lines become numbers; lines that are missing or out of order become errors.
#include "driver/BenchReport.h"

#include <gtest/gtest.h>

using namespace fasternet;

static const std::vector<std::string> steps = {"head-n1-1x1-c10-f10-o0-relu-f32-w32",
                                               "block-n1-56x56-c96-p24-h192-relu-f32-w32",
                                               "block-n1-56x56-c96-p24-h192-relu-f32-w32"};
static const std::string totals = "median_ms 2.0\np10_ms 1.5\np90_ms 3.0\nfirst_ms 9.0\npeak_gflops 100\n";

static std::string messageOf(const std::string &output) {
  auto report = readBenchReport(output, steps);
  return report ? "" : llvm::toString(report.takeError());
}

TEST(BenchReport, ReadsACompleteRun) {
  auto report = readBenchReport(totals + "step 0 0.25\nstep 1 0.5\nstep 2 1.0\n", steps);
  ASSERT_TRUE(bool(report)) << llvm::toString(report.takeError());
  EXPECT_EQ(report->medianMs, 2.0);
  EXPECT_EQ(report->p10Ms, 1.5);
  EXPECT_EQ(report->p90Ms, 3.0);
  EXPECT_EQ(report->firstMs, 9.0);
  EXPECT_EQ(report->peakGflops, 100);
  ASSERT_EQ(report->kernels.size(), 2u);
  EXPECT_EQ(report->kernels[0].name, steps[0]);
  EXPECT_EQ(report->kernels[0].count, 1);
  EXPECT_EQ(report->kernels[1].count, 2);
  EXPECT_EQ(report->kernels[1].medianMs, 0.75); // (0.5 + 1.0) / 2
  // 3136 pixels * (9 * 24 * 24 + 2 * 96 * 192) for each block.
  EXPECT_EQ(report->kernels[1].macs, 3136 * (9 * 24 * 24 + 2 * 96 * 192));
  EXPECT_EQ(report->macs, report->kernels[0].macs + 2 * report->kernels[1].macs);
  EXPECT_DOUBLE_EQ(report->gflops(), double(report->macs) * 2 / 2e-3 / 1e9);
}

TEST(BenchReport, PrintsWhatItRead) {
  auto report = llvm::cantFail(readBenchReport(totals + "step 0 0.25\nstep 1 0.5\nstep 2 1.0\n", steps));
  report.model = "tiny";
  report.target = "x86-64-v3";
  for (const std::string &text : {benchJson(report), benchTable(report)}) {
    EXPECT_NE(text.find("x86-64-v3"), std::string::npos) << text;
    EXPECT_NE(text.find(steps[1]), std::string::npos) << text;
  }
}

TEST(BenchReport, RefusesAMissingStep) {
  EXPECT_NE(messageOf(totals + "step 0 0.25\nstep 1 0.5\n").find("not complete"), std::string::npos);
}

TEST(BenchReport, RefusesAMissingTotal) {
  EXPECT_NE(messageOf("median_ms 2.0\nstep 0 0.25\nstep 1 0.5\nstep 2 1.0\n").find("not complete"),
            std::string::npos);
}

TEST(BenchReport, RefusesStepsOutOfOrderAndTooMany) {
  EXPECT_NE(messageOf(totals + "step 0 0.25\nstep 2 0.5\nstep 1 1.0\n").find("expected step 1"),
            std::string::npos);
  EXPECT_NE(messageOf(totals + "step 0 1\nstep 1 1\nstep 2 1\nstep 3 1\n").find("step 3"), std::string::npos);
}
