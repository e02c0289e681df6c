// The measured search for a GPU's schedules, on the fake driver: candidates that are right, wrong, not
// loadable, that touch what they must not or never end.
#include "DeviceAnswer.h"
#include "codegen/Codegen.h"
#include "driver/MeasuringLink.h"
#include "support/Diagnostics.h"
#include "support/Process.h"
#include "tune/DeviceSubject.h"
#include "tune/KernelSearch.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>

#include <atomic>

using namespace fasternet;
using Outcome = TuningRecord::Outcome;
using Status = CandidateResult::Status;

namespace {

class MeasuredDeviceSearchTest : public testing::Test {
protected:
  MeasuredDeviceSearchTest() {
    llvm::cantFail(writeDeviceAnswer(folder.path(""), spec));
    options.target = &target;
    options.measuring = {.runner = runner(80), .rounds = 3, .windowSeconds = 1e-4, .limitSeconds = 2};
    options.measuring.link = [](const MeasuringParts &parts, const std::string &program) {
      return linkMeasuringProgram("cc", hostTarget()->triple, parts, program);
    };
    options.file = file.get();
    options.compilerVersion = "0.1.0";
    options.date = "2026-11-25";
    options.stop = [] { return false; };
    options.progress = [](const SearchState &) {};
  }

  std::string runner(int capability) const {
    return "env LD_LIBRARY_PATH=" FAKE_DRIVER_FOLDER " FASTERNET_FAKE_DRIVER_CAPABILITY=" +
           std::to_string(capability) + " FASTERNET_FAKE_DRIVER_ANSWERS=" + folder.path("");
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

  Records recorded() const {
    Records records;
    Diagnostics diagnostics;
    llvm::cantFail(records.addFile(path, diagnostics));
    EXPECT_TRUE(diagnostics.all().empty());
    return records;
  }

  KernelSpec spec = llvm::cantFail(KernelSpec::parse("block-n1-6x6-c32-p8-h64-relu-f32-w32"));
  const Target &target = *findTarget("cuda-sm80");
  TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  std::string path = folder.path("records.json");
  std::unique_ptr<RecordsFile> file = llvm::cantFail(RecordsFile::open(path));
  SearchOptions options;
};

TEST_F(MeasuredDeviceSearchTest, EachCandidateCostsItselfOnly) {
  auto batch = measure({compiled(0), planted(1, "fault"), planted(2, "nothing"), planted(3, "hang"),
                        planted(4, "absent here"), compiled(5)});
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
  EXPECT_EQ(c[5].seconds.size(), 3u);
  // The fake's launches take 2 us and more.
  EXPECT_GE(c[5].seconds.front(), 2e-6 * double(compiled(5).launches.size()));
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
    if (point == steps[0]) // the fake's time is that of threads
      for (DeviceLaunch &launch : kernel.launches)
        launch.grid[0] *= 100;
    if (point != steps[1])
      for (DeviceLaunch &launch : kernel.launches)
        launch.grid[0] *= 10;
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
