// What the CUDA schedules refuse: tiles that do not divide, and what a block of threads cannot hold.
#include "schedules/Schedules.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

/// The error of `overrides`, or nothing.
std::string refusal(const char *spec, llvm::StringRef overrides, const char *target = "cuda-sm75") {
  auto parameters =
      scheduleParameters(llvm::cantFail(KernelSpec::parse(spec)), *findTarget(target), overrides);
  return parameters ? "" : llvm::toString(parameters.takeError());
}

const char *const block = "block-n1-14x14-c160-p40-h320-relu-f32-w32";
/// Two launches that fit.
const std::string two = "launches=2,stage=1,partial=4x7x5,first=4x7x4,second=4x7x8,partialBlock=40x7x2,"
                        "firstBlock=64x7x2,secondBlock=32x14x2,firstUnroll=5,secondUnroll=5";

TEST(CudaChecks, BlocksThatDoNotFitAreErrors) {
  ASSERT_EQ(refusal(block, two), "");
  for (const char *overrides : {
           "launches=0",
           "launches=4",
           "stage=2",
           "stage=0",             // two launches need the slab
           "partialBlock=20x7x2", // not all channels of the convolution
           "partialBlock=40x7x1", // other pixels than the product of its launch
           "firstBlock=60x7x2",   // does not divide 320
           "firstBlock=0x7x2",
           "firstBlock=64x15x2",
           "firstBlock=64x0x2",
           "firstBlock=64x7x15",
           "first=5x7x4", // does not divide 64
           "first=4x3x4",
           "first=4x7x0",
           "first=4x7x3",  // does not divide 160
           "first=64x7x1", // more accumulators than registers
           "second=1x1x8", // 7168 threads
           "second=4x7x9223372036854775807",
           "firstUnroll=0",
           "secondUnroll=17",
           "secondBlock=160x14x4,second=4x7x1", // 72 KiB of slab; a T4 has 64
           "launches=1",                        // not all channels of the products
           "first=4x7",
           "colour=1",
       })
    EXPECT_NE(refusal(block, two + "," + overrides), "") << overrides;
}

TEST(CudaChecks, SharedMemoryIsTheTargets) {
  const std::string large = two + ",secondBlock=160x14x4,second=4x7x1";
  EXPECT_NE(refusal(block, large, "cuda-sm75").find("65536"), std::string::npos);
  for (const char *target : {"cuda-sm80", "cuda-sm86", "cuda-sm89", "cuda-sm90"})
    EXPECT_EQ(refusal(block, large, target), "") << target;
}

TEST(CudaChecks, OtherKindsThatDoNotFitAreErrors) {
  const char *merging = "patch_conv-n1-14x14-c160-o320-k2-s2-nhwc-f32-w32";
  const char *embedding = "patch_conv-n1-224x224-c3-o40-k4-s4-nchw-f32-w32";
  const char *head = "head-n1-7x7-c320-f1280-o1000-relu-f32-w32", *affine = "affine-n1-28x28-c160-f32-w32";
  const std::pair<const char *, const char *> cases[] = {
      {merging, "thread=4x7x3"},   {merging, "block=64x8x1"}, {merging, "thread=3x7x1,block=64x7x1"},
      {merging, "stage=2"},        {embedding, "stage=1"},    {embedding, "thread=4x4x2,block=40x4x4"},
      {head, "launches=1"},        {head, "threads=0"},       {head, "threads=1025"},
      {head, "firstBlock=48x1x1"}, {head, "first=4x2x1"},     {head, "second=4x1x7"},
      {affine, "block=64x32x1"},   {affine, "block=0x8x1"},   {affine, "block=8x29x1"}};
  for (const auto &[spec, overrides] : cases)
    EXPECT_NE(refusal(spec, overrides), "") << spec << " " << overrides;
}

} // namespace
