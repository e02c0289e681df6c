// The measuring program's lines become numbers; lines that are missing or out of order become errors.
#include "driver/BenchReport.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace fasternet;

static const std::vector<std::string> steps = {"head-n1-1x1-c10-f10-o0-relu-f32-w32",
                                               "block-n1-56x56-c96-p24-h192-relu-f32-w32",
                                               "block-n1-56x56-c96-p24-h192-relu-f32-w32"};
static const std::string totals =
    "median_ms 2.0\np10_ms 1.5\np90_ms 3.0\nfirst_ms 9.0\npeak_gflops 100\n"
    "bandwidth_gbps 20\npeak_memory_bytes 2097152\ncpu AMD EPYC 9 (family 25, model 17)\n";

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
  EXPECT_EQ(report->bandwidthGbps, 20);
  EXPECT_EQ(report->peakMemoryBytes, 2 << 20);
  EXPECT_EQ(report->cpu, "AMD EPYC 9 (family 25, model 17)");
  ASSERT_EQ(report->kernels.size(), 2u);
  EXPECT_EQ(report->kernels[0].name, steps[0]);
  EXPECT_EQ(report->kernels[0].count, 1);
  EXPECT_EQ(report->kernels[1].count, 2);
  EXPECT_EQ(report->kernels[1].medianMs, 0.75); // (0.5 + 1.0) / 2
  // 3136 pixels * (9 * 24 * 24 + 2 * 96 * 192) for each block.
  EXPECT_EQ(report->kernels[1].macs, 3136 * (9 * 24 * 24 + 2 * 96 * 192));
  // Input and output of 3136 x 96, the weights and 192 biases, 4 bytes each.
  EXPECT_EQ(report->kernels[1].bytes, 4 * (2 * 3136 * 96 + 9 * 24 * 24 + 2 * 96 * 192 + 192));
  ASSERT_EQ(report->steps.size(), 3u);
  EXPECT_EQ(report->steps[0].kernel, 0u);
  EXPECT_EQ(report->steps[1].kernel, 1u);
  EXPECT_EQ(report->steps[2].kernel, 1u);
  EXPECT_EQ(report->steps[1].medianMs, 0.5);
  EXPECT_EQ(report->steps[2].medianMs, 1.0);
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

TEST(BenchReport, ReadsWhatAGpuAdds) {
  const std::string output = totals +
                             "graph_ms 1.75\ndevice_ms 1.5\ndevice_graph_ms 1.25\ndevice_bytes 3145728\n"
                             "step 0 0.25\nstep 1 0.5\nstep 2 1.0\n";
  BenchReport report = llvm::cantFail(readBenchReport(output, steps));
  ASSERT_TRUE(report.device.has_value());
  report.peakOf = "f16 mma.sync";
  const auto device = nlohmann::json::parse(benchJson(report))["device"];
  EXPECT_EQ(device, nlohmann::json({{"graph_ms", 1.75},
                                    {"run_device_ms", 1.5},
                                    {"run_device_graph_ms", 1.25},
                                    {"bytes", 3145728},
                                    {"peak_of", "f16 mma.sync"}}));
  const std::string table = benchTable(report);
  for (const char *text : {"as a graph 1.750 ms; run_device 1.500 ms, as a graph 1.250 ms",
                           "f16 mma.sync peak", "3.0 MiB on the device", "GFLOP/s of f16 mma.sync (-)"})
    EXPECT_NE(table.find(text), std::string::npos) << text << table;
  EXPECT_EQ(table.find("thread"), std::string::npos) << "one thread launches";
  EXPECT_FALSE(llvm::cantFail(readBenchReport(totals + "step 0 1\nstep 1 1\nstep 2 1\n", steps)).device);
}

/// One compute-bound and one memory-bound kernel, and one without multiply-accumulates, in round numbers.
static BenchReport handMade() {
  BenchReport report;
  report.model = "tiny";
  report.peakGflops = 100;
  report.bandwidthGbps = 20; // the ridge is at 5 FLOP/byte
  report.medianMs = 10;
  report.kernels = {{"block-n1-8x8-c4-p1-h8-relu-f32-w32", 2, 2.5, 100'000'000, 4'000'000},
                    {"head-n1-1x1-c10-f10-o0-relu-f32-w32", 1, 1.25, 10'000'000, 20'000'000},
                    {"affine-n1-8x8-c4-f32-w32", 1, 0.5, 0, 5'000'000}};
  report.steps = {{0, 2}, {2, 0.5}, {0, 3}, {1, 1.25}};
  report.macs = 210'000'000;
  return report;
}

TEST(BenchReport, RooflineIsTheLongerOfOperationsAndBytes) {
  const BenchReport report = handMade();
  const auto &[block, head, affine] = std::tie(report.kernels[0], report.kernels[1], report.kernels[2]);
  // 0.2 GFLOP at 100 GFLOP/s: 2 ms; 4 MB at 20 GB/s: 0.2 ms.
  EXPECT_DOUBLE_EQ(report.rooflineMs(block), 2);
  EXPECT_FALSE(report.boundByMemory(block));
  EXPECT_DOUBLE_EQ(report.shareOfRoofline(block), 0.8);
  EXPECT_DOUBLE_EQ(block.intensity(), 50);
  EXPECT_DOUBLE_EQ(block.gbps(), 1.6);
  // 0.02 GFLOP: 0.2 ms; 20 MB: 1 ms.
  EXPECT_DOUBLE_EQ(report.rooflineMs(head), 1);
  EXPECT_TRUE(report.boundByMemory(head));
  EXPECT_DOUBLE_EQ(report.shareOfRoofline(head), 0.8);
  EXPECT_DOUBLE_EQ(head.gbps(), 16);
  // No operations: 5 MB at 20 GB/s.
  EXPECT_DOUBLE_EQ(report.rooflineMs(affine), 0.25);
  EXPECT_TRUE(report.boundByMemory(affine));
  EXPECT_EQ(affine.intensity(), 0);
  EXPECT_EQ(boundName(report, block), "compute");
  EXPECT_EQ(boundName(report, affine), "memory");
  // 2 x 2 + 1 + 0.25.
  EXPECT_DOUBLE_EQ(report.rooflineMs(), 5.25);
  EXPECT_DOUBLE_EQ(report.shareOfRoofline(), 0.525);
}

TEST(BenchReport, JsonHasTheRooflineOfEachKernel) {
  const auto json = nlohmann::json::parse(benchJson(handMade()));
  EXPECT_EQ(json["bandwidth_gbps"], 20);
  EXPECT_DOUBLE_EQ(json["roofline_ms"], 5.25);
  EXPECT_DOUBLE_EQ(json["share_of_roofline"], 0.525);
  EXPECT_EQ(json["cpu"], "unknown");
  EXPECT_EQ(json["peak_memory_bytes"], 0);
  const auto &affine = json["kernels"][2];
  EXPECT_EQ(affine["bytes"], 5'000'000);
  EXPECT_DOUBLE_EQ(affine["gbps"], 10);
  EXPECT_DOUBLE_EQ(affine["roofline_ms"], 0.25);
  EXPECT_DOUBLE_EQ(affine["share_of_roofline"], 0.5);
  EXPECT_EQ(affine["bound"], "memory");
  EXPECT_EQ(affine["gflops"], 0);
}

TEST(BenchReport, JsonTakesANameThatIsNotUtf8) {
  BenchReport report = handMade();
  report.cpu = "odd \xff";
  EXPECT_EQ(nlohmann::json::parse(benchJson(report))["cpu"], "odd \uFFFD");
}

TEST(BenchReport, TableFitsATerminalAndLeavesOutWhatAKernelHasNot) {
  const std::string text = benchTable(handMade());
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef line : lines)
    EXPECT_LE(line.size(), 120u) << line.str();
  auto row = [&](llvm::StringRef begin) {
    auto found = llvm::find_if(lines, [&](llvm::StringRef line) { return line.starts_with(begin); });
    llvm::SmallVector<llvm::StringRef> words;
    if (found != lines.end())
      found->split(words, ' ', -1, /*KeepEmpty=*/false);
    return llvm::join(llvm::drop_begin(words, words.empty() ? 0 : 2), " ");
  };
  EXPECT_EQ(row("A block"), "2 2.500 80.0 80.0% 1.6 compute 80.0%");
  EXPECT_EQ(row("B head"), "1 1.250 16.0 16.0% 16.0 memory 80.0%");
  EXPECT_EQ(row("C affine"), "1 0.500 10.0 memory 50.0%");
}

TEST(BenchReport, NamesArmCoresByTheirNumber) {
  const std::string rest = "step 0 0.25\nstep 1 0.5\nstep 2 1.0\n";
  auto cpu = [&](const std::string &line) {
    return llvm::cantFail(readBenchReport(totals + line + "\n" + rest, steps)).cpu;
  };
  EXPECT_EQ(cpu("cpu midr 0x414fd0c1"), "neoverse-n1");
  EXPECT_EQ(cpu("cpu midr 0x1"), "midr 0x1");
  EXPECT_EQ(cpu("cpu midr none"), "midr none");
}

TEST(BenchReport, AStepShorterThanTheClockSeesIsNotZero) {
  auto report = llvm::cantFail(readBenchReport(totals + "step 0 0.000000\nstep 1 0.5\nstep 2 1.0\n", steps));
  EXPECT_GT(report.kernels[0].medianMs, 0);
}

TEST(BenchReport, RefusesAMissingStep) {
  EXPECT_NE(messageOf(totals + "step 0 0.25\nstep 1 0.5\n").find("not complete"), std::string::npos);
}

TEST(BenchReport, RefusesAMissingTotal) {
  EXPECT_NE(messageOf("median_ms 2.0\nstep 0 0.25\nstep 1 0.5\nstep 2 1.0\n").find("not complete"),
            std::string::npos);
}

TEST(BenchReport, RefusesAMissingOrEndlessBandwidth) {
  const std::string rest = "median_ms 2.0\npeak_gflops 100\nstep 0 0.25\nstep 1 0.5\nstep 2 1.0\n";
  EXPECT_EQ(messageOf(rest + "bandwidth_gbps 20\n"), "");
  EXPECT_NE(messageOf(rest).find("not complete"), std::string::npos);
  EXPECT_NE(messageOf(rest + "bandwidth_gbps inf\n").find("not complete"), std::string::npos);
}

TEST(BenchReport, RefusesStepsOutOfOrderAndTooMany) {
  EXPECT_NE(messageOf(totals + "step 0 0.25\nstep 2 0.5\nstep 1 1.0\n").find("expected step 1"),
            std::string::npos);
  EXPECT_NE(messageOf(totals + "step 0 1\nstep 1 1\nstep 2 1\nstep 3 1\n").find("step 3"), std::string::npos);
}
