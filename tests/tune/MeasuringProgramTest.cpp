// What is made of a measuring program's table and of its output: programs that only print.
#include "tune/MeasuringProgram.h"
#include "kernels/KernelArguments.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/ADT/SmallVector.h"

#include <gtest/gtest.h>

using namespace fasternet;
using Status = CandidateResult::Status;

namespace {

class MeasuringProgramTest : public testing::Test {
protected:
  /// Candidates of the kernel that have no code: what there is to know of them is printed by "cat".
  llvm::Expected<BatchResult> measure(size_t count, llvm::StringRef printed) {
    options.runner = "cat";
    options.link = [&](const MeasuringParts &parts, const std::string &program) {
      table = parts.table;
      return writeFile(program, printed);
    };
    DeviceKernel kernel{.spec = spec, .arguments = kernelArguments(spec), .symbol = "k"};
    return measureBatch(*findTarget(target), std::vector<DeviceKernel>(count, kernel), {0.0f}, options);
  }

  /// `weight_copies` of the table.
  int64_t weightCopies() {
    llvm::cantFail(measure(1, "done\n"));
    llvm::SmallVector<llvm::StringRef> values;
    llvm::StringRef(table).split("batch = {").second.split(values, ", ");
    int64_t copies = 0;
    EXPECT_FALSE(values[5].getAsInteger(10, copies)) << table;
    return copies;
  }

  KernelSpec spec = llvm::cantFail(KernelSpec::parse("block-n1-6x6-c512-p128-h1024-relu-f32-w32"));
  std::string target = "cuda-sm80", table;
  MeasuringOptions options;
};

TEST_F(MeasuringProgramTest, VerdictsAndTimes) {
  auto batch = measure(5, "kernel k\ncandidate 0 x\ncheck 0 ok 1e-7\ncheck 1 wrong 0.5\ncheck 2 hung\n"
                          "check 3 refused cuModuleLoadData: no memory\npeak 0 7\npeak 1 9\ntime 0 0 2000\n"
                          "time 0 1 1000\ndone\n");
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->peakGflops, 9);
  const auto &c = batch->candidates;
  EXPECT_EQ(c[0].status, Status::Ok);
  ASSERT_EQ(c[0].seconds.size(), 2u);
  EXPECT_DOUBLE_EQ(c[0].seconds[0], 2e-6);
  EXPECT_DOUBLE_EQ(c[0].seconds[1], 1e-6);
  EXPECT_EQ(c[1].why, "wrong result, error 0.5");
  EXPECT_EQ(c[2].status, Status::Hung);
  EXPECT_EQ(c[3].why, "cuModuleLoadData: no memory");
  EXPECT_EQ(c[4].status, Status::Failed) << "nothing is said of it";
}

TEST_F(MeasuringProgramTest, WithoutATimeACandidateIsNoneToChoose) {
  auto batch = measure(2, "check 0 ok 0\ncheck 1 ok 0\ntime 1 0 1000\ndone\n");
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].status, Status::Failed);
  EXPECT_EQ(batch->candidates[0].why, "was checked and not timed");
  EXPECT_EQ(batch->candidates[1].status, Status::Ok);
}

TEST_F(MeasuringProgramTest, WithoutItsLastLineTheBatchFails) {
  auto batch = measure(1, "check 0 ok 0\ntime 0 0 1000\nlaunch: too late\n");
  ASSERT_FALSE(bool(batch));
  EXPECT_NE(llvm::toString(batch.takeError()).find("launch: too late"), std::string::npos);
}

// (9 * 128^2 + 2 * 512 * 1024 + 1024) * 4 = 4788224 bytes: 14.02 of them in 64 MiB, 56.06 in 256.
TEST_F(MeasuringProgramTest, WeightsLeaveTheLargestL2) {
  options.weightFootprint = int64_t(1) << 30;
  EXPECT_EQ(weightCopies(), 56);
  options.weightFootprint = 5000000;
  EXPECT_EQ(weightCopies(), 1) << "no more than the model has";
}

} // namespace
