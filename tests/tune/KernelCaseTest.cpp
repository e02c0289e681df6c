// The tuner's right answers against kernels compiled with their default schedules, for every kind.
#include "tune/KernelCase.h"
#include "codegen/Codegen.h"
#include "driver/MeasuringLink.h"
#include "kernels/KernelArguments.h"
#include "support/HalfPrecision.h"
#include "tune/MeasuringProgram.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace fasternet;

namespace {

class KernelCase : public testing::TestWithParam<const char *> {};

TEST_P(KernelCase, MeasuringProgramFindsTheDefaultRight) {
  const Target *host = hostTarget();
  ASSERT_TRUE(host);
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(GetParam()));
  auto kernel = compileKernel(spec, *host, "candidate_0");
  ASSERT_TRUE(bool(kernel)) << llvm::toString(kernel.takeError());
  MeasuringOptions options{.rounds = 3, .windowSeconds = 1e-4, .weightFootprint = 1 << 20};
  options.link = [&](const MeasuringParts &parts, const std::string &program) {
    return linkMeasuringProgram("cc", host->triple, parts, program);
  };
  std::vector<float> expected = expectedOutput(spec, kernelArguments(spec));
  auto batch = measureBatch(*host, {*kernel}, expected, options);
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].status, CandidateResult::Status::Ok) << batch->candidates[0].why;
  EXPECT_EQ(batch->candidates[0].seconds.size(), 3u);
  EXPECT_GT(batch->candidates[0].seconds[0], 0);
  EXPECT_GT(batch->peakGflops, 0);

  // One value that is not what the kernel computes must be found.
  expected.back() += 1;
  batch = measureBatch(*host, {*kernel}, expected, options);
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  EXPECT_EQ(batch->candidates[0].status, CandidateResult::Status::Wrong);
  EXPECT_TRUE(batch->candidates[0].seconds.empty());
}

TEST(KernelCaseValues, AreThoseThatTheTensorHolds) {
  for (uint64_t index = 0; index < 1000; ++index) {
    const float single = madeValue(1, index, 0.3f), half = madeValue(1, index, 0.3f, ElementType::F16);
    EXPECT_EQ(roundedToHalf(single), half);
    EXPECT_EQ(roundedToHalf(half), half);
  }
}

TEST(KernelCaseValues, BordersAndPaddingAreZero) {
  // Six pixels of 40 channels within a border, 10 channels convolved: their weights fill 10 of 16 lanes of a
  // panel.
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse("block-n1-2x3-c40-p10-h80-relu-f32-w32"));
  const std::vector<KernelArgument> arguments = kernelArguments(spec);
  auto nonZero = [&](uint32_t index) {
    const std::vector<float> values = madeTensor(index, arguments[index]);
    EXPECT_EQ(int64_t(values.size()), tensorElements(arguments[index]));
    return values.size() - size_t(std::count(values.begin(), values.end(), 0.0f));
  };
  EXPECT_EQ(nonZero(0), 2u * 3 * 40);
  EXPECT_EQ(nonZero(1), 9u * 10 * 10);
  EXPECT_EQ(nonZero(5), 0u);
  // Before the first pixel lie a row of the border and one pixel of it.
  const BufferDimension &row = arguments[0].dimensions[2];
  const size_t first = size_t(row.stride + arguments[0].dimensions[1].stride);
  EXPECT_EQ(madeTensor(0, arguments[0])[first], madeValue(0, first, valueScale(arguments[0])));
  EXPECT_EQ(madeTensor(0, arguments[0])[first - 1], 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, KernelCase,
                         testing::Values("patch_conv-n2-24x20-c3-o40-k4-s4-nchw-f32-w32",
                                         "patch_conv-n1-8x8-c36-o72-k2-s2-nhwc-f32-w32",
                                         "block-n2-5x6-c40-p10-h80-gelu-f32-w32",
                                         "head-n2-3x3-c40-f30-o10-relu-f32-w32",
                                         "head-n1-3x3-c40-f32-o0-gelu-f32-w32", "affine-n2-5x7-c36-f32-w32"));

} // namespace
