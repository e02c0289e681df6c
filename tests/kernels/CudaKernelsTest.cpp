// GPU schedules of every kernel kind, over odd shapes, on the processor through OpenCL, against plain loops.
#include "KernelData.h"
#include "codegen/DeviceEmulation.h"
#include "schedules/Schedules.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace fasternet;

namespace {

/// A spec as text, and members that replace those of the default schedule.
struct Case {
  const char *spec;
  const char *overrides = "";
  /// One of each kind also runs as it is compiled for GPUs, without Halide's checks.
  EmulationChecks checks = EmulationChecks::Bounds;
};

const Case cases[] = {
    // Patch embedding and merging: windows that overlap, that leave a rest, that are larger than their stride.
    {"patch_conv-n1-97x130-c3-o36-k4-s4-nchw-f32-w32", "", EmulationChecks::None},
    {"patch_conv-n2-24x20-c3-o10-k7-s4-nchw-f32-w32"},
    {"patch_conv-n3-9x11-c5-o30-k3-s2-nhwc-f32-w32"},
    {"patch_conv-n1-7x4-c1-o1-k4-s4-nchw-f32-w32"},
    {"patch_conv-n2-14x14-c40-o80-k2-s2-nhwc-f32-w32", "thread=4x7x5,block=40x7x2,unroll=2,stage=0"},
    {"patch_conv-n2-14x14-c40-o80-k2-s2-nhwc-f32-w32", "thread=4x7x5,block=40x7x2,unroll=2,stage=1"},
    {"patch_conv-n1-10x9-c36-o18-k2-s2-nhwc-f32-w32", "thread=6x1x9,block=18x3x2,unroll=1,stage=1"},
    // Blocks: odd channels, one partial channel, all partial, images of one pixel and one row.
    {"block-n1-5x6-c10-p2-h20-gelu-f32-w32"},
    {"block-n1-4x9-c30-p7-h30-relu-f32-w32"},
    {"block-n3-3x5-c36-p9-h72-gelu-f32-w32"},
    {"block-n1-4x4-c10-p1-h30-relu-f32-w32"},
    {"block-n1-4x5-c12-p12-h24-relu-f32-w32"},
    {"block-n1-1x1-c30-p5-h30-gelu-f32-w32"},
    {"block-n1-3x1-c16-p4-h32-relu-f32-w32"},
    {"block-n1-8x9-c12-p3-h24-relu-f32-w32"},
    {"block-n1-56x56-c40-p10-h80-gelu-f32-w32"},
    {"block-n1-7x7-c320-p80-h640-gelu-f32-w32", "", EmulationChecks::None},
    // Each number of launches, with sums in pieces, tiles that are shifted inwards, and without slabs.
    {"block-n2-6x7-c36-p9-h72-gelu-f32-w32",
     "launches=1,stage=1,partial=3x1x1,first=4x5x2,second=4x5x3,partialBlock=9x5x4,firstBlock=72x5x4,"
     "secondBlock=36x5x4,firstUnroll=2,secondUnroll=2"},
    {"block-n2-6x7-c36-p9-h72-relu-f32-w32",
     "launches=2,stage=1,partial=9x7x3,first=4x7x3,second=2x1x4,partialBlock=9x7x2,firstBlock=24x7x2,"
     "secondBlock=12x2x4,firstUnroll=1,secondUnroll=1"},
    {"block-n2-6x7-c40-p10-h80-relu-f32-w32",
     "launches=3,stage=0,partial=2x3x1,first=8x3x2,second=4x2x4,partialBlock=10x6x4,firstBlock=40x6x4,"
     "secondBlock=20x4x5,firstUnroll=2,secondUnroll=2"},
    {"block-n1-7x7-c40-p10-h80-relu-f32-w32",
     "launches=3,stage=1,partial=10x7x5,first=4x7x4,second=4x7x8,partialBlock=10x7x1,firstBlock=40x7x1,"
     "secondBlock=40x7x1,firstUnroll=2,secondUnroll=2"},
    // Heads with and without a classifier, the means apart or with the first product; the feature output.
    {"head-n3-7x7-c36-f30-o10-relu-f32-w32"},
    {"head-n1-1x3-c10-f20-o1-gelu-f32-w32"},
    {"head-n3-5x4-c30-f36-o0-relu-f32-w32"},
    {"head-n1-7x7-c320-f1280-o1000-gelu-f32-w32", "", EmulationChecks::None},
    {"head-n3-7x7-c36-f32-o10-relu-f32-w32",
     "launches=2,threads=64,first=4x3x9,firstBlock=16x3x1,second=2x2x4,secondBlock=10x2x1"},
    {"affine-n1-1x1-c10-f32-w32"},
    {"affine-n3-5x7-c36-f32-w32", "", EmulationChecks::None},
    {"affine-n1-1x3-c1-f32-w32"},
    {"affine-n2-9x28-c40-f32-w32", "block=16x7x5"},
};

class CudaKernels : public testing::TestWithParam<Case> {};

TEST_P(CudaKernels, MatchPlainLoops) {
  static const std::string missing = llvm::toString(canEmulate());
  if (!missing.empty())
    GTEST_SKIP() << missing;
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(GetParam().spec));
  const Target &target = *findTarget("cuda-sm75");
  auto parameters = scheduleParameters(spec, target, GetParam().overrides);
  ASSERT_TRUE(bool(parameters)) << llvm::toString(parameters.takeError());
  SCOPED_TRACE(*parameters);
  const KernelData data(spec, GuardedFloats::Flush::Front);
  const std::vector<double> expected = data.reference();
  double largest = 0;
  for (double value : expected)
    largest = std::max(largest, std::abs(value));
  auto found = emulateKernel(spec, target, *parameters, data.addresses(), GetParam().checks);
  ASSERT_TRUE(bool(found)) << llvm::toString(found.takeError());
  ASSERT_EQ(found->size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR((*found)[i], expected[i], 1e-5 * largest) << "element " << i;
}

INSTANTIATE_TEST_SUITE_P(All, CudaKernels, testing::ValuesIn(cases), [](const auto &info) {
  std::string name = std::string(info.param.spec) + "_" + info.param.overrides;
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name;
});

} // namespace
