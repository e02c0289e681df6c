// The text form of a spec is a record key: it must round-trip and refuse everything else.
#include "support/KernelSpec.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(KernelSpec, RoundTripsEveryKind) {
  for (const char *text :
       {"patch_conv-n1-224x224-c3-o96-k4-s4-nchw-f32-w32", "patch_conv-n2-56x56-c96-o192-k2-s2-nhwc-f32-w32",
        "block-n1-56x56-c96-p24-h192-relu-f32-w32", "head-n1-7x7-c768-f1280-o1000-gelu-f32-w32",
        "head-n1-7x7-c768-f1280-o0-relu-f32-w32", "head-n1-3x3-c40-f32-o10-relu-f32-w32",
        "head-n1-3x3-c40-f16-o0-relu-f32-w32", "affine-n1-16x24-c16-f32-w32",
        "block-n1-56x56-c96-p24-h192-relu-f16-w16", "head-n1-3x3-c40-f16-o0-relu-f16-w16",
        "affine-n1-16x24-c16-bf16-wb16", "block-n1-56x56-c96-p24-h192-relu-f32-wtf32"}) {
    auto spec = KernelSpec::parse(text);
    ASSERT_TRUE(bool(spec)) << llvm::toString(spec.takeError());
    EXPECT_EQ(spec->text(), text);
  }
}

TEST(KernelSpec, RefusesWhatItWouldNotWrite) {
  for (const char *text :
       {"", "blob-n1-5x5-c4", "block-n1-56x56-c96", "block-n1-56x56-c96-p24-h192-relu-f32-w32-x",
        "block-n0-56x56-c96-p24-h192-relu-f32-w32", "block-c96-n1-56x56-p24-h192-relu-f32-w32",
        "patch_conv-n1-3x3-c3-o96-k4-s4-nchw-f32-w32", "patch_conv-n1-8x8-c3-o96-k4-s0-nchw-f32-w32",
        "block-n1-56x56-c96-p24-h192-relu-tf32-wtf32"}) {
    auto spec = KernelSpec::parse(text);
    EXPECT_FALSE(bool(spec)) << text;
    llvm::consumeError(spec.takeError());
  }
}

TEST(KernelSpec, CountsThePublishedWork) {
  // T2, first stage: 3136 pixels * (9 * 24 * 24 + 2 * 96 * 192) MACs.
  auto block = llvm::cantFail(KernelSpec::parse("block-n1-56x56-c96-p24-h192-relu-f32-w32"));
  EXPECT_EQ(block.macs(), 3136 * (9 * 24 * 24 + 2 * 96 * 192));
  auto merging = llvm::cantFail(KernelSpec::parse("patch_conv-n1-57x57-c96-o192-k2-s2-nhwc-f32-w32"));
  EXPECT_EQ(merging.outputHeight(), 28);
  EXPECT_EQ(merging.macs(), 28 * 28 * 96 * 192 * 4);
}

TEST(KernelSpec, HalfPrecisionEndsAtTheBorderOfTheModel) {
  const ElementType f32 = ElementType::F32, f16 = ElementType::F16;
  struct {
    const char *text;
    ElementType input, compute, output;
  } const cases[] = {{"patch_conv-n1-8x8-c3-o40-k4-s4-nchw-f16-w16", f32, f16, f16},
                     {"patch_conv-n1-8x8-c3-o40-k2-s2-nhwc-f16-w16", f16, f16, f16},
                     {"block-n1-5x6-c10-p2-h20-gelu-f16-w16", f16, f16, f16},
                     {"head-n1-3x3-c36-f30-o10-gelu-f16-w16", f16, f32, f32},
                     {"affine-n1-3x5-c36-f16-w16", f16, f32, f32}};
  for (const auto &[text, input, compute, output] : cases) {
    const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
    EXPECT_EQ(spec.inputType(), input) << text;
    EXPECT_EQ(spec.computeType(), compute) << text;
    EXPECT_EQ(spec.outputType(), output) << text;
  }
}

TEST(KernelSpec, CountsBytesByElementType) {
  // Input 3 x 8 x 8, weights 40 x 3 x 4 x 4 and 40, output 2 x 2 x 40.
  auto single = llvm::cantFail(KernelSpec::parse("patch_conv-n1-8x8-c3-o40-k4-s4-nchw-f32-w32"));
  EXPECT_EQ(single.bytes(), 4 * 192 + 4 * 1960 + 4 * 160);
  auto half = llvm::cantFail(KernelSpec::parse("patch_conv-n1-8x8-c3-o40-k4-s4-nchw-f16-w16"));
  EXPECT_EQ(half.bytes(), 4 * 192 + 2 * 1960 + 2 * 160);
  EXPECT_EQ(half.weightBytes(), 2 * 1960);
}
