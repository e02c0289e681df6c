// From a scheduled pipeline to launches: what the recorded host code says about a pipeline of two kernels.
#include "codegen/DevicePipeline.h"

#include <Halide.h>
#include <gtest/gtest.h>

using namespace fasternet;

namespace {

using Role = KernelArgument::Role;

/// 64 x 6 floats; the output lies 70 elements into a tensor whose rows are 80 long.
const KernelArgument input{Role::Input, {{0, 64, 1}, {0, 6, 64}}, 0, {}};
const KernelArgument output{Role::Output, {{0, 64, 1}, {0, 6, 80}}, 70, {}};

enum class Middle { OnDevice, OnHost };

/// middle(x, y) = 2 input(x, y); result(x, y) = middle(x, y) + middle(63 - x, y).
ScheduledPipeline twoLaunches(Middle where) {
  Halide::Var x("x"), y("y"), xi("xi"), yi("yi");
  Halide::ImageParam in(Halide::Float(32), 2, "input");
  Halide::Func middle("middle"), result("result");
  middle(x, y) = in(x, y) * 2.0f;
  result(x, y) = middle(x, y) + middle(63 - x, y);
  for (int d = 0; d < 2; ++d) {
    in.dim(d).set_bounds(0, input.dimensions[d].extent).set_stride(input.dimensions[d].stride);
    result.output_buffer()
        .dim(d)
        .set_bounds(0, output.dimensions[d].extent)
        .set_stride(output.dimensions[d].stride);
  }
  result.gpu_tile(x, y, xi, yi, 16, 1);
  middle.compute_root();
  if (where == Middle::OnDevice)
    middle.gpu_tile(x, y, xi, yi, 32, 2);
  return {result, {in}};
}

llvm::Expected<DeviceKernel> compile(Middle where) {
  return compileDevicePipeline(*findTarget("cuda-sm80"), {input, output}, [&] { return twoLaunches(where); });
}

TEST(DevicePipeline, LaunchesAreRecordedWithTheirArguments) {
  auto kernel = compile(Middle::OnDevice);
  ASSERT_TRUE(bool(kernel)) << llvm::toString(kernel.takeError());
  EXPECT_TRUE(llvm::StringRef(kernel->ptx).contains(".target sm_80"));
  ASSERT_EQ(kernel->launches.size(), 2u);
  ASSERT_EQ(kernel->intermediateBytes, std::vector<int64_t>{64 * 6 * 4});
  using Extents = std::array<uint32_t, 3>;
  const DeviceLaunch &first = kernel->launches[0], &second = kernel->launches[1];
  EXPECT_EQ(first.grid, (Extents{2, 3, 1}));
  EXPECT_EQ(first.threads, (Extents{32, 2, 1}));
  EXPECT_EQ(second.grid, (Extents{4, 6, 1}));
  EXPECT_EQ(second.threads, (Extents{16, 1, 1}));
  for (const DeviceLaunch &launch : kernel->launches)
    EXPECT_TRUE(llvm::StringRef(kernel->ptx).contains(".entry " + launch.function)) << launch.function;

  // Argument 0, 1: input and output; 2: the intermediate.
  auto has = [](const DeviceLaunch &launch, int32_t buffer, int64_t offset) {
    return llvm::is_contained(launch.arguments, LaunchArgument{.buffer = buffer, .byteOffset = offset});
  };
  EXPECT_TRUE(has(first, 0, 0));
  EXPECT_TRUE(has(first, 2, 0));
  EXPECT_FALSE(has(first, 1, 280));
  EXPECT_TRUE(has(second, 1, 280));
  EXPECT_TRUE(has(second, 2, 0));
}

TEST(DevicePipeline, SameTextEachTime) {
  auto first = compile(Middle::OnDevice), second = compile(Middle::OnDevice);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->ptx, second->ptx);
  EXPECT_EQ(first->launches, second->launches);
}

TEST(DevicePipeline, WorkOnTheHostIsRefused) {
  auto kernel = compile(Middle::OnHost);
  ASSERT_FALSE(bool(kernel));
  EXPECT_EQ(llvm::toString(kernel.takeError()), "the host and a launch share an intermediate");
}

} // namespace
