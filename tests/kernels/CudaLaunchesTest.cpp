// What GPU schedules launch, as recorded from their host code, against what their parameters and the model
// say.
#include "codegen/Codegen.h"
#include "schedules/Schedules.h"
#include "schedules/cuda/KernelModel.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace fasternet;

namespace {

struct Case {
  const char *spec, *target, *overrides;
  size_t launches;
};

const Case cases[] = {
    {"block-n1-14x14-c40-p10-h80-relu-f32-w32", "cuda-sm80",
     "launches=1,stage=1,partial=2x7x5,first=4x7x2,second=4x7x4,partialBlock=10x14x2,firstBlock=80x14x2,"
     "secondBlock=40x14x2",
     1},
    {"block-n1-14x14-c40-p10-h80-relu-f32-w32", "cuda-sm90",
     "launches=2,stage=1,partial=2x7x5,first=4x7x2,second=4x7x4,partialBlock=10x14x2,firstBlock=40x14x2,"
     "secondBlock=20x7x2",
     2},
    {"block-n1-14x14-c40-p10-h80-relu-f32-w32", "cuda-sm75",
     "launches=3,stage=1,partial=2x7x1,first=4x7x2,second=4x7x4,partialBlock=10x14x2,firstBlock=40x14x2,"
     "secondBlock=20x7x2",
     3},
    {"block-n2-14x14-c40-p10-h80-relu-f32-w32", "cuda-sm86",
     "launches=3,stage=0,partial=2x7x1,first=4x7x2,second=4x7x4,partialBlock=10x14x2,firstBlock=40x14x2,"
     "secondBlock=20x7x2",
     3},
};

class CudaLaunches : public testing::TestWithParam<Case> {};

/// The model plans exactly these launches, and their blocks take no more shared memory than what checks
/// count.
TEST_P(CudaLaunches, AreThoseOfTheModel) {
  const Case &c = GetParam();
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(c.spec));
  const Target &target = *findTarget(c.target);
  auto kernel = compileDeviceKernel(spec, target, c.overrides);
  ASSERT_TRUE(bool(kernel)) << llvm::toString(kernel.takeError());
  CudaBlockParameters parameters;
  llvm::cantFail(readParameters(llvm::cantFail(scheduleParameters(spec, target, c.overrides)), parameters));
  const std::vector<LaunchPlan> plans = planLaunches(spec, target, parameters);
  ASSERT_EQ(kernel->launches.size(), c.launches);
  ASSERT_EQ(plans.size(), c.launches);
  for (size_t i = 0; i < plans.size(); ++i) {
    const DeviceLaunch &launch = kernel->launches[i];
    EXPECT_EQ(int64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2], plans[i].blocks) << i;
    int64_t threads = 0;
    for (const Phase &phase : plans[i].phases)
      threads = std::max(threads, phase.threads);
    EXPECT_EQ(int64_t(launch.threads[0]) * launch.threads[1] * launch.threads[2], threads) << i;
    EXPECT_LE(int64_t(launch.sharedBytes), plans[i].sharedBytes) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, CudaLaunches, testing::ValuesIn(cases));

} // namespace
