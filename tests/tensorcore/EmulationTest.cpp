// The kernels' own MLIR, run thread by thread, against the reference: every kind, both types, odd sizes,
// every way of copying, with and without what lies beyond the last pixel, output and input.
#include "KernelRun.h"

#include "tensorcore/emulation/Emulation.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

struct Case {
  const char *spec;
  const char *target = "cuda-sm80";
  const char *overrides = "";
};

void PrintTo(const Case &c, std::ostream *os) {
  *os << c.spec << " on " << c.target << ' ' << c.overrides;
}

class Emulated : public testing::TestWithParam<Case> {};

// Rounding of results and of what lies between launches; sums themselves are f32.
constexpr double halfBound = 2e-3, tf32Bound = 2e-3;

TEST_P(Emulated, AgreesWithTheReference) {
  const auto [text, targetName, overrides] = GetParam();
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
  const Target *target = findTarget(targetName);
  ASSERT_NE(target, nullptr);
  KernelData data = kernelData(spec);
  if (llvm::Error error = emulateTensorCoreKernel(spec, *target, overrides, data.arguments))
    FAIL() << llvm::toString(std::move(error));
  EXPECT_LE(relativeError(spec, data), spec.activations == ElementType::F16 ? halfBound : tf32Bound);
}

const Case cases[] = {
    // Merging: whole slices; a last step that the reduction does not fill; odd windows and strides; odd
    // channels.
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f16-w16"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f32-wtf32"},
    {"patch_conv-n2-9x7-c24-o20-k3-s2-nhwc-f16-w16"},
    {"patch_conv-n2-9x7-c12-o20-k3-s2-nhwc-f32-wtf32"},
    {"patch_conv-n1-6x5-c9-o17-k2-s1-nhwc-f16-w16"},
    {"patch_conv-n1-6x5-c9-o17-k2-s1-nhwc-f32-wtf32"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f16-w16", "cuda-sm75"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f16-w16", "cuda-sm90", "product=64x64x64,stages=2"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f16-w16", "cuda-sm80", "product=16x8x16,warps=1,stages=8"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f32-wtf32", "cuda-sm80", "product=32x48x32,warps=2,stages=4"},
    // Blocks: both activations, several images, a partial convolution that ends inside a slice (p10, p3, p9),
    // fewer
    // channels than a slice, an odd hidden layer.
    {"block-n1-14x14-c40-p10-h80-relu-f16-w16"},
    {"block-n1-14x14-c40-p10-h80-relu-f32-wtf32"},
    {"block-n2-7x7-c64-p16-h128-gelu-f16-w16"},
    {"block-n2-7x7-c64-p16-h128-gelu-f32-wtf32"},
    {"block-n1-5x6-c9-p3-h18-gelu-f16-w16"},
    {"block-n1-5x6-c9-p3-h18-gelu-f32-wtf32"},
    {"block-n3-4x4-c36-p9-h45-relu-f16-w16"},
    {"block-n3-4x4-c36-p9-h45-relu-f32-wtf32"},
    {"block-n1-3x3-c4-p1-h5-relu-f16-w16"},
    {"block-n1-3x3-c2-p2-h3-relu-f32-wtf32"},
    {"block-n1-14x14-c40-p10-h80-relu-f16-w16", "cuda-sm75"},
    {"block-n3-4x4-c36-p9-h45-relu-f16-w16", "cuda-sm75", "first=16x32x64,warps=2"},
    {"block-n1-14x14-c40-p20-h80-relu-f16-w16", "cuda-sm86",
     "partial=64x32x16,first=128x64x32,second=64x24x128,warps=4,stages=2"},
    // One launch: channels and a hidden layer that end inside a step, pixels beyond the last, several tiles
    // of outputs.
    {"block-n1-14x14-c40-p10-h80-relu-f16-w16", "cuda-sm80",
     "launches=1,partial=32x16x32,first=32x32x32,second=32x32x32"},
    {"block-n2-5x5-c24-p8-h52-gelu-f16-w16", "cuda-sm90",
     "launches=1,partial=32x16x32,first=32x16x64,second=32x32x32,stages=2"},
    {"block-n2-5x5-c24-p8-h52-gelu-f32-wtf32", "cuda-sm80",
     "launches=1,partial=16x32x16,first=16x64x16,second=16x32x16,stages=4"},
    {"block-n1-6x6-c16-p3-h17-relu-f32-wtf32", "cuda-sm80",
     "launches=1,partial=64x16x16,first=64x16x16,second=64x8x16"},
};

INSTANTIATE_TEST_SUITE_P(Kernels, Emulated, testing::ValuesIn(cases));

} // namespace
