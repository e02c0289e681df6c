// The text form of a spec is a record key: it must round-trip and refuse everything else.
#include "support/KernelSpec.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(KernelSpec, RoundTripsEveryKind) {
  for (const char *text :
       {"patch_conv-n1-224x224-c3-o96-k4-s4-nchw-f32-w32", "patch_conv-n2-56x56-c96-o192-k2-s2-nhwc-f32-w32",
        "block-n1-56x56-c96-p24-h192-relu-f32-w32", "head-n1-7x7-c768-f1280-o1000-gelu-f32-w32",
        "head-n1-7x7-c768-f1280-o0-relu-f32-w32", "head-n1-3x3-c40-f32-o10-relu-f32-w32",
        "head-n1-3x3-c40-f16-o0-relu-f32-w32", "affine-n1-16x24-c16-f32-w32"}) {
    auto spec = KernelSpec::parse(text);
    ASSERT_TRUE(bool(spec)) << llvm::toString(spec.takeError());
    EXPECT_EQ(spec->text(), text);
  }
}

TEST(KernelSpec, RefusesWhatItWouldNotWrite) {
  for (const char *text :
       {"", "blob-n1-5x5-c4", "block-n1-56x56-c96", "block-n1-56x56-c96-p24-h192-relu-f32-w32-x",
        "block-n0-56x56-c96-p24-h192-relu-f32-w32", "block-c96-n1-56x56-p24-h192-relu-f32-w32",
        "patch_conv-n1-3x3-c3-o96-k4-s4-nchw-f32-w32", "patch_conv-n1-8x8-c3-o96-k4-s0-nchw-f32-w32"}) {
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
