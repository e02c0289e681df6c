// Offsets and strides of kernel arguments, derived by hand.
#include "kernels/KernelArguments.h"

#include <gtest/gtest.h>

using namespace fasternet;

static std::vector<KernelArgument> argumentsOf(const char *text) {
  return kernelArguments(llvm::cantFail(KernelSpec::parse(text)));
}

TEST(KernelArguments, BlockInputCarriesItsBorder) {
  const auto arguments = argumentsOf("block-n2-5x3-c10-p2-h20-relu-f32-w32");
  ASSERT_EQ(arguments.size(), 6u);
  // A row is 3 + 2 pixels of 10 channels, an image 5 + 2 rows.
  const std::vector<BufferDimension> input = {{0, 10, 1}, {-1, 5, 10}, {-1, 7, 50}, {0, 2, 350}};
  EXPECT_EQ(arguments[0].dimensions, input);
  EXPECT_EQ(arguments[0].elementOffset, 0);
  // The output is the interior: one row and one pixel further.
  const std::vector<BufferDimension> output = {{0, 10, 1}, {0, 3, 10}, {0, 5, 50}, {0, 2, 350}};
  EXPECT_EQ(arguments[5].dimensions, output);
  EXPECT_EQ(arguments[5].elementOffset, 60);
}

TEST(KernelArguments, WeightsLieInPanels) {
  const auto arguments = argumentsOf("block-n1-5x3-c10-p2-h20-relu-f32-w32");
  // [panel][ky][kx][input][16]: 2 inputs make a tap of 32, 3 taps a row of 96, 3 rows a panel of 288.
  const std::vector<BufferDimension> partial = {{0, 16, 1}, {0, 2, 16}, {0, 3, 32}, {0, 3, 96}, {0, 1, 288}};
  EXPECT_EQ(arguments[1].dimensions, partial);
  EXPECT_EQ(arguments[1].layout, (PackedLayout{2, 2, 3, 3, 16}));
  const std::vector<BufferDimension> bias = {{0, 32, 1}};
  EXPECT_EQ(arguments[3].dimensions, bias);
}

TEST(KernelArguments, HeadWithoutClassesHasThree) {
  EXPECT_EQ(argumentsOf("head-n1-2x2-c4-f8-o0-relu-f32-w32").size(), 3u);
  EXPECT_EQ(argumentsOf("head-n1-2x2-c4-f8-o5-relu-f32-w32").size(), 5u);
}

TEST(KernelArguments, FeatureOutputIsNchw) {
  const auto arguments = argumentsOf("affine-n2-5x3-c10-f32-w32");
  const std::vector<BufferDimension> output = {{0, 3, 1}, {0, 5, 3}, {0, 10, 15}, {0, 2, 150}};
  EXPECT_EQ(arguments[3].dimensions, output);
}

TEST(KernelArguments, HaveTheTypesOfTheSpec) {
  auto typesOf = [](const char *text) {
    std::vector<ElementType> types;
    for (const KernelArgument &argument : argumentsOf(text))
      types.push_back(argument.type);
    return types;
  };
  const ElementType f32 = ElementType::F32, f16 = ElementType::F16;
  using Types = std::vector<ElementType>;
  EXPECT_EQ(typesOf("affine-n2-5x3-c10-f32-w32"), Types(4, f32));
  EXPECT_EQ(typesOf("block-n2-5x3-c10-p2-h20-relu-f16-w16"), Types(6, f16));
  EXPECT_EQ(typesOf("patch_conv-n1-8x8-c3-o40-k4-s4-nchw-f16-w16"), (Types{f32, f16, f16, f16}));
  EXPECT_EQ(typesOf("head-n1-2x2-c4-f8-o5-relu-f16-w16"), (Types{f16, f16, f16, f16, f32}));
  EXPECT_EQ(typesOf("affine-n2-5x3-c10-f16-w16"), (Types{f16, f16, f16, f32}));
}
