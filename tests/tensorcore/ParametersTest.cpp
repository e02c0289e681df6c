// What can be compiled for whom, and with which tiles.
#include "tensorcore/TensorCore.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

KernelSpec spec(const char *text) {
  return llvm::cantFail(KernelSpec::parse(text));
}

std::string parameters(const char *text, const char *target, const char *overrides) {
  llvm::Expected<std::string> result = tensorCoreParameters(spec(text), *findTarget(target), overrides);
  return result ? *result : llvm::toString(result.takeError());
}

constexpr const char *merging = "patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f16-w16";
constexpr const char *block = "block-n1-56x56-c96-p24-h192-relu-f16-w16";

#define EXPECT_SAYS(text, expected) EXPECT_NE((text).find(expected), std::string::npos) << (text)

TEST(TensorCoreParameters, DefaultsFillTheGpu) {
  // 784 pixels by 192 outputs: 13 x 3 tiles of 64 x 64 would leave most of 108 multiprocessors idle.
  EXPECT_EQ(parameters(merging, "cuda-sm80", ""), "product=32x32x64,warps=4,stages=3");
  EXPECT_EQ(parameters("patch_conv-n32-56x56-c96-o192-k2-s2-nhwc-f16-w16", "cuda-sm80", ""),
            "product=128x64x32,warps=4,stages=3");
  // A slice is 16 bytes, so a step of as many slices is half as long in tf32.
  EXPECT_EQ(parameters("patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f32-wtf32", "cuda-sm80", ""),
            "product=32x32x32,warps=4,stages=3");
}

TEST(TensorCoreParameters, FusesWhereThatIsShort) {
  // 3136 pixels in tiles of 32 fill 98 of 108 multiprocessors; 16 steps one after another.
  EXPECT_EQ(parameters(block, "cuda-sm80", ""),
            "launches=1,partial=32x32x64,first=32x64x64,second=32x64x64,warps=4,stages=2");
  // Seven blocks of pixels would leave most of them idle; old GPUs and broken slices have no asynchronous
  // copies.
  EXPECT_SAYS(parameters("block-n1-7x7-c768-p192-h1536-relu-f16-w16", "cuda-sm80", ""),
              "launches=3,partial=16x");
  EXPECT_SAYS(parameters(block, "cuda-sm75", ""), "launches=3,");
  EXPECT_SAYS(parameters("block-n1-56x56-c36-p9-h72-relu-f16-w16", "cuda-sm80", ""), "launches=3,");
}

TEST(TensorCoreParameters, LaunchesChooseTheTilesLeftOpen) {
  EXPECT_EQ(parameters(block, "cuda-sm80", "launches=3"),
            "launches=3,partial=16x32x128,first=64x64x32,second=64x32x64,warps=4,stages=3");
  EXPECT_SAYS(parameters(block, "cuda-sm80", "launches=1,first=64x64x32"),
              "pixels are the same in all products");
  EXPECT_SAYS(parameters(block, "cuda-sm80", "launches=2"), "2 launches, expected 1 or 3");
  EXPECT_SAYS(parameters(block, "cuda-sm75", "launches=1"), "launches=1 needs asynchronous copies");
  EXPECT_SAYS(parameters("block-n1-14x14-c384-p96-h1536-relu-f16-w16", "cuda-sm80", "launches=1"),
              "bytes of shared memory, allowed are 49152");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "launches=3"), "cannot read 'launches=3'");
}

TEST(TensorCoreParameters, OverridesReplaceMembers) {
  EXPECT_EQ(parameters(merging, "cuda-sm80", "stages=2,product=64x64x64"),
            "product=64x64x64,warps=4,stages=2");
  const std::string text = parameters(block, "cuda-sm80", "launches=3,second=16x32x32");
  EXPECT_SAYS(text, "second=16x32x32");
  EXPECT_EQ(parameters(block, "cuda-sm80", text.c_str()), text);
}

TEST(TensorCoreParameters, RefusesWhatCannotRun) {
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "first=64x64x32"), "cannot read 'first=64x64x32'");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=64x64"), "cannot read 'product=64x64'");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "warps=0"), "cannot read 'warps=0'");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "warps=32"), "32 warps, expected at most 16");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "stages=1"), "1 stages, expected 2 to 8");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=64x64x24"),
              "steps of k=24 elements, expected a power of two");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=64x64x8"), "expected a power of two from 16 to 128");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=24x64x32"), "4 warps cannot share a tile of 24 x 64");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=64x64x128,stages=8"),
              "bytes of shared memory, allowed are 49152");
  EXPECT_SAYS(parameters(merging, "cuda-sm80", "product=128x128x32,warps=1,stages=2"),
              "more than 128 accumulators");
}

std::string refusal(const char *text, const char *target) {
  llvm::Error error = checkTensorCoreKernel(spec(text), *findTarget(target));
  return error ? llvm::toString(std::move(error)) : "";
}

TEST(TensorCoreKernel, SaysWhatItHasNoKernelFor) {
  EXPECT_EQ(refusal(block, "cuda-sm75"), "");
  EXPECT_EQ(refusal("block-n1-56x56-c96-p24-h192-gelu-f32-wtf32", "cuda-sm90"), "");
  EXPECT_SAYS(refusal("block-n1-56x56-c96-p24-h192-gelu-f32-wtf32", "cuda-sm75"),
              "expected cuda-sm80 or newer, or f16");
  EXPECT_SAYS(refusal(block, "x86-64-v3"), "only GPUs have them");
  EXPECT_SAYS(refusal("block-n1-56x56-c96-p24-h192-relu-f32-w32", "cuda-sm80"), "element types f32 and f32");
  EXPECT_SAYS(refusal("head-n1-7x7-c768-f1280-o1000-relu-f16-w16", "cuda-sm80"),
              "expected a block or a patch_conv");
  EXPECT_SAYS(refusal("patch_conv-n1-224x224-c3-o96-k4-s4-nchw-f16-w16", "cuda-sm80"), "of an NHWC input");
  EXPECT_SAYS(refusal("block-n4096-224x224-c96-p24-h192-relu-f16-w16", "cuda-sm80"), "allowed are 2^31 - 1");
}

TEST(TensorCoreArguments, WeightsLieInSlices) {
  const std::vector<KernelArgument> half =
      tensorCoreArguments(spec("block-n1-14x14-c40-p10-h80-relu-f16-w16"));
  // 10 x 10 x 3 x 3 in two panels of eight outputs by two of eight inputs: 64 halves are one matrix.
  EXPECT_EQ(half[1].layout, (PackedLayout{10, 10, 3, 3, 8, 8}));
  EXPECT_EQ(half[1].dimensions,
            (std::vector<BufferDimension>{
                {0, 8, 1}, {0, 8, 8}, {0, 2, 64}, {0, 3, 128}, {0, 3, 384}, {0, 2, 1152}}));
  EXPECT_EQ(half[1].layout.packedElements(), 2 * 1152);
  EXPECT_EQ(half[3].type, ElementType::F32); // bias
  const std::vector<KernelArgument> tf32 =
      tensorCoreArguments(spec("block-n1-14x14-c40-p10-h80-relu-f32-wtf32"));
  EXPECT_EQ(tf32[2].layout, (PackedLayout{80, 40, 1, 1, 8, 4}));
  EXPECT_EQ(tf32[2].type, ElementType::TF32);
}

} // namespace
