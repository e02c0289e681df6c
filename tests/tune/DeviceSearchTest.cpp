// A search for a GPU's schedules on this machine, with NVIDIA's programs and OpenCL; skipped without them.
#include "codegen/Codegen.h"
#include "codegen/DeviceEmulation.h"
#include "device/DeviceTools.h"
#include "support/Diagnostics.h"
#include "support/Process.h"
#include "tune/DeviceCost.h"
#include "tune/DeviceSubject.h"
#include "tune/PredictedSearch.h"

#include <gtest/gtest.h>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;

namespace {

class DeviceSearchTest : public testing::Test {
protected:
  void SetUp() override {
    for (const char *tool : {"ptxas", "nvdisasm"})
      if (!findDeviceTool(tool))
        GTEST_SKIP() << missingDeviceTool(tool);
    if (llvm::Error error = canEmulate())
      GTEST_SKIP() << llvm::toString(std::move(error));
    options.target = &target;
    options.file = file.get();
    options.compilerVersion = "0.1.0";
    options.date = "2026-11-25";
    options.stop = [] { return false; };
    options.progress = [](const SearchState &) {};
  }

  double cyclesOf(const char *text, llvm::StringRef overrides = "") {
    const KernelSpec other = llvm::cantFail(KernelSpec::parse(text));
    return llvm::cantFail(
               predictDeviceCost(llvm::cantFail(compileDeviceKernel(other, target, overrides)), target))
        .cycles;
  }

  KernelSpec spec = llvm::cantFail(KernelSpec::parse("patch_conv-n1-8x8-c8-o16-k2-s2-nhwc-f32-w32"));
  const Target &target = *findTarget("cuda-sm80");
  TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  std::string path = folder.path("records.json");
  std::unique_ptr<RecordsFile> file = llvm::cantFail(RecordsFile::open(path));
  SearchOptions options;
};

TEST_F(DeviceSearchTest, TheBestIsPredictedAndChecked) {
  PredictedSearch search(deviceSubject(spec, target), Records(), options);
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  if (llvm::Error error = search.run(soon))
    FAIL() << llvm::toString(std::move(error));
  EXPECT_GE(search.state().tried, 1u);
  Records records;
  Diagnostics diagnostics;
  llvm::cantFail(records.addFile(path, diagnostics));
  const Records::Choice choice = records.choose(spec, target, diagnostics);
  EXPECT_EQ(choice.parameters, search.state().parameters);
  EXPECT_EQ(choice.obtained, TuningRecord::Obtained::Predicted);
  for (const TuningRecord &record : records.of(spec.text(), target)) {
    EXPECT_EQ(record.cpu, "a100");
    EXPECT_EQ(record.isa, "sm80");
    EXPECT_LT(record.shareOfPeak, 1);
    EXPECT_GT(record.cycles, 0) << record.parameters;
  }
}

TEST_F(DeviceSearchTest, ACheckThatIsTooStrictFails) {
  const SearchSubject subject = deviceSubject(spec, target);
  const std::string point = llvm::cantFail(subject.parameters(""));
  const CandidateResult strict = llvm::cantFail(subject.check(point, {.bound = 0}));
  EXPECT_EQ(strict.status, CandidateResult::Status::Wrong);
  EXPECT_NE(strict.why.find("wrong result, error"), std::string::npos);
}

TEST_F(DeviceSearchTest, TheTraceCountsTheModelsProducts) {
  const DeviceKernel kernel = llvm::cantFail(compileDeviceKernel(spec, target));
  double fmas = 0;
  for (const DeviceLaunch &launch : kernel.launches) {
    const LaunchTrace trace = llvm::cantFail(traceLaunch(kernel.ptx, launch));
    fmas += trace.fmas * launch.threads[0] * launch.threads[1] * launch.threads[2] * launch.grid[0] *
            launch.grid[1] * launch.grid[2];
  }
  // Tiles that are shifted inwards compute some results twice.
  EXPECT_GE(fmas, double(spec.macs()));
  EXPECT_LT(fmas, 2 * double(spec.macs()));
}

TEST_F(DeviceSearchTest, ALargerBatchCostsLessForEachImage) {
  const double one = cyclesOf("patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f32-w32");
  const double many = cyclesOf("patch_conv-n32-14x14-c40-o80-k2-s2-nhwc-f32-w32");
  EXPECT_GT(many, one);
  EXPECT_LT(many, 16 * one);
}

} // namespace
