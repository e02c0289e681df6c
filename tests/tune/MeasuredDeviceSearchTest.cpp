// The measured search for a GPU's schedules, on the fake driver: candidates that are right, wrong, not
// loadable, that touch what they must not or never end.
#include "DeviceAnswer.h"
#include "SearchTest.h"
#include "codegen/Codegen.h"
#include "tune/DeviceSubject.h"
#include "tune/KernelSearch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

#include <atomic>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;
using Status = CandidateResult::Status;

namespace {

class MeasuredDeviceSearchTest : public SearchTest {
protected:
  MeasuredDeviceSearchTest() : SearchTest(*findTarget("cuda-sm80")) {
    llvm::cantFail(writeDeviceAnswer(folder.path(""), spec));
    options.measuring.runner = runner(80);
    options.measuring.limitSeconds = 2;
  }

  /// Of all processes: a misuse by one that ends early would else go unseen.
  std::string misuses() const {
    const std::string path = folder.path("misuses");
    return llvm::sys::fs::exists(path) ? llvm::cantFail(mapFile(path))->getBuffer().str() : "";
  }

  std::string runner(int capability) const {
    return "env LD_LIBRARY_PATH=" FAKE_DRIVER_FOLDER " FASTERNET_FAKE_DRIVER_CAPABILITY=" +
           std::to_string(capability) + " FASTERNET_FAKE_DRIVER_ANSWERS=" + folder.path("") +
           " FASTERNET_FAKE_DRIVER_MISUSES=" + folder.path("misuses");
  }

  DeviceKernel compiled(int number, llvm::StringRef overrides = "") const {
    DeviceKernel kernel = llvm::cantFail(compileDeviceKernel(spec, target, overrides));
    kernel.symbol = "candidate_" + std::to_string(number);
    return kernel;
  }

  /// One that does what a kernel of the fake driver does.
  DeviceKernel planted(int number, const std::string &function) const {
    DeviceKernel kernel = compiled(number);
    kernel.ptx = "PTX 80\n" + function;
    kernel.launches = {{.function = function}};
    return kernel;
  }

  llvm::Expected<BatchResult> measure(llvm::ArrayRef<DeviceKernel> kernels) const {
    return measureBatch(target, kernels, expectedOutput(spec, kernels.front().arguments), options.measuring);
  }
};

TEST_F(MeasuredDeviceSearchTest, EachCandidateCostsItselfOnly) {
  DeviceKernel tooLong = compiled(6);
  tooLong.launches.front().arguments.resize(33);
  auto batch = measure({compiled(0), planted(1, "fault"), planted(2, "nothing"), planted(3, "hang"),
                        planted(4, "absent here"), compiled(5), tooLong});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_GT(batch->peakGflops, 0);
  const auto &c = batch->candidates;
  EXPECT_EQ(c[0].status, Status::Ok) << c[0].why;
  EXPECT_EQ(c[1].status, Status::Crashed);
  EXPECT_NE(c[1].why.find("cuStreamSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS"), std::string::npos) << c[1].why;
  EXPECT_EQ(c[2].status, Status::Wrong) << "it leaves the output as it was";
  EXPECT_EQ(c[3].status, Status::Hung);
  EXPECT_EQ(c[4].status, Status::Failed);
  EXPECT_NE(c[4].why.find("cuModuleGetFunction"), std::string::npos) << c[4].why;
  EXPECT_EQ(c[5].status, Status::Ok) << c[5].why;
  EXPECT_EQ(c[6].status, Status::Failed);
  EXPECT_NE(c[6].why.find("has 33 parameters, this program has room for 32"), std::string::npos) << c[6].why;
  EXPECT_EQ(misuses(), "");
  EXPECT_EQ(c[5].seconds.size(), 3u);
  // The fake's launches take 2 us and more.
  EXPECT_GE(c[5].seconds.front(), 2e-6 * double(compiled(5).launches.size()));
}

TEST_F(MeasuredDeviceSearchTest, WrongAddressesAreSeen) {
  DeviceKernel astray = compiled(0);
  astray.launches.front().arguments.front().byteOffset = 1 << 30;
  auto batch = measure({astray, compiled(1)});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_NE(misuses().find("are not device memory"), std::string::npos) << misuses();
}

TEST_F(MeasuredDeviceSearchTest, WhatARefusedOneHasQueuedIsNotTheNextOnes) {
  DeviceKernel refused = planted(0, "hang");
  refused.launches.push_back({.function = "hang", .grid = {0, 1, 1}});
  auto batch = measure({refused, compiled(1)});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].status, Status::Failed) << batch->candidates[0].why;
  EXPECT_EQ(batch->candidates[1].status, Status::Ok) << batch->candidates[1].why;
}

TEST_F(MeasuredDeviceSearchTest, WhatCannotBeUnloadedIsNotRight) {
  options.measuring.runner += " 'FASTERNET_FAKE_DRIVER_FAIL=cuModuleUnload 0 700'";
  auto batch = measure({compiled(0)});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].status, Status::Crashed);
  EXPECT_EQ(batch->candidates[0].why,
            "cuModuleUnload: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered");
}

TEST_F(MeasuredDeviceSearchTest, AllMayBeWrong) {
  auto batch = measure({planted(0, "nothing"), planted(1, "fault"), planted(2, "nothing")});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  const auto &c = batch->candidates;
  EXPECT_EQ(c[0].status, Status::Wrong);
  EXPECT_EQ(c[1].status, Status::Crashed);
  EXPECT_EQ(c[2].status, Status::Wrong);
}

TEST_F(MeasuredDeviceSearchTest, WritesOutsideTheOutputAreSeen) {
  std::vector<float> tensor = deviceAnswer(spec);
  tensor.front() = 0; // of the border
  const size_t bytes = tensor.size() * sizeof(float);
  llvm::cantFail(writeFile(folder.path(std::to_string(bytes) + "-after-" + std::to_string(bytes)),
                           llvm::StringRef(reinterpret_cast<const char *>(tensor.data()), bytes)));
  auto batch = measure({compiled(0)});
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].why, "wrote outside its output");
}

TEST_F(MeasuredDeviceSearchTest, WithoutADeviceTheBatchFails) {
  options.measuring.runner = "env LD_LIBRARY_PATH=" FAKE_DRIVER_FOLDER;
  auto batch = measure({compiled(0)});
  ASSERT_FALSE(bool(batch));
  EXPECT_NE(llvm::toString(batch.takeError()).find("CUDA_ERROR_INVALID_DEVICE"), std::string::npos);
}

TEST_F(MeasuredDeviceSearchTest, TheFastestIsRecordedAsMeasured) {
  SearchSubject subject = deviceSubject(spec, target);
  const std::string start = llvm::cantFail(subject.parameters(""));
  const std::vector<std::string> steps = subject.steps(start);
  ASSERT_GT(steps.size(), 2u);
  subject.steps = [&](llvm::StringRef from) {
    return from == start ? std::vector<std::string>{steps[0], steps[1], steps[2]}
                         : std::vector<std::string>();
  };
  subject.predict = nullptr;
  subject.compileDevice = [&](llvm::StringRef symbol, llvm::StringRef point) -> llvm::Expected<DeviceKernel> {
    DeviceKernel kernel = compiled(0);
    kernel.symbol = symbol.str();
    kernel.parameters = point.str();
    if (point == steps[0]) // the fake's time is that of threads, and 2 us of each launch
      for (DeviceLaunch &launch : kernel.launches)
        launch.grid[0] *= 10000;
    if (point != steps[1])
      for (DeviceLaunch &launch : kernel.launches)
        launch.grid[0] *= 1000;
    if (point == steps[2])
      kernel = planted(0, "fault"), kernel.symbol = symbol.str();
    return kernel;
  };
  // A record that was predicted beside it: a measured one beats it.
  TuningRecord earlier{.kernel = spec.text(),
                       .cpu = "a100",
                       .isa = "sm80",
                       .parameters = steps[0],
                       .outcome = Outcome::Best,
                       .shareOfPeak = 0.99,
                       .cycles = 10,
                       .obtained = TuningRecord::Obtained::Predicted,
                       .compiler = "0.1.0",
                       .date = "2026-11-25"};
  llvm::cantFail(file->append(earlier));
  KernelSearch search(subject, recorded(), options);
  if (llvm::Error error = search.run(std::chrono::steady_clock::now() + std::chrono::seconds(60)))
    FAIL() << llvm::toString(std::move(error));
  EXPECT_EQ(search.state().parameters, steps[1]);
  EXPECT_TRUE(search.state().exhausted);
  const Records records = recorded();
  auto outcomes = [&](llvm::StringRef point) {
    std::vector<Outcome> found;
    for (const TuningRecord &record : records.of(spec.text(), target))
      if (record.parameters == point && record.obtained == TuningRecord::Obtained::Measured)
        found.push_back(record.outcome);
    return found;
  };
  EXPECT_EQ(outcomes(steps[0]), std::vector<Outcome>{Outcome::Slower});
  EXPECT_EQ(outcomes(steps[1]), (std::vector<Outcome>{Outcome::Slower, Outcome::Best})) << "it won twice";
  EXPECT_EQ(outcomes(steps[2]), std::vector<Outcome>{Outcome::Crashed});
  Diagnostics diagnostics;
  const Records::Choice choice = records.choose(spec, target, diagnostics);
  EXPECT_EQ(choice.parameters, steps[1]);
  EXPECT_EQ(choice.obtained, TuningRecord::Obtained::Measured);
  EXPECT_NE(choice.origin.find("measured for a100"), std::string::npos);
}

} // namespace
