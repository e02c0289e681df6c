// The reference's primitives against results worked out by hand.
#include "reference/primitives/Convolution.h"
#include "reference/primitives/Elementwise.h"
#include "reference/primitives/Layout.h"
#include "reference/primitives/Pointwise.h"
#include "reference/primitives/Pool.h"

#include <gtest/gtest.h>

#include <limits>

using namespace fasternet::reference;

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

Tensor tensor(int64_t n, int64_t h, int64_t w, int64_t c, Doubles values) {
  Tensor result(n, h, w, c);
  EXPECT_EQ(result.values.size(), values.size());
  result.values = std::move(values);
  return result;
}

void expectShape(const Tensor &value, int64_t n, int64_t h, int64_t w, int64_t c) {
  EXPECT_EQ(value.batch, n);
  EXPECT_EQ(value.height, h);
  EXPECT_EQ(value.width, w);
  EXPECT_EQ(value.channels, c);
}

TEST(Conv2d, SumsOverWindowAndChannels) {
  // 2x2 pixels of channels (a, b); one output with weights OIHW: a gets 1 2 / 3 4, b gets 10 20 / 30 40.
  Tensor input = tensor(1, 2, 2, 2, {1, 5, 2, 6, 3, 7, 4, 8});
  Floats weights = {1, 2, 3, 4, 10, 20, 30, 40};
  Tensor output = conv2d(input, weights, Floats{0.5f}, {.kernel = 2, .stride = 2});
  expectShape(output, 1, 1, 1, 1);
  // 1*1 + 2*2 + 3*3 + 4*4 = 30 and 10*5 + 20*6 + 30*7 + 40*8 = 700.
  EXPECT_EQ(output.values, Doubles{730.5});
}

TEST(Conv2d, StrideBelowKernelAndRemainder) {
  // 6x6 pixels, kernel 3 and stride 2 has floor((6 - 3) / 2) + 1 = 2 positions.
  Tensor input(1, 6, 6, 1);
  for (int64_t i = 0; i < 36; ++i)
    input.values[i] = static_cast<double>(i);
  Floats centre(9);
  centre[4] = 1;
  Tensor output = conv2d(input, centre, {}, {.kernel = 3, .stride = 2});
  expectShape(output, 1, 2, 2, 1);
  EXPECT_EQ(output.values, (Doubles{7, 9, 19, 21})); // pixels (1,1) (1,3) (3,1) (3,3)
}

TEST(Conv2d, PaddingIsZero) {
  Tensor input = tensor(1, 1, 2, 1, {1, 10});
  Tensor output = conv2d(input, Floats(9, 1.0f), {}, {.kernel = 3, .stride = 1, .padding = 1});
  expectShape(output, 1, 1, 2, 1);
  EXPECT_EQ(output.values, (Doubles{11, 11}));
}

TEST(Conv2d, ImagesOfABatchAreApart) {
  Tensor input = tensor(2, 1, 1, 1, {3, 5});
  Tensor output = conv2d(input, Floats{2, 4}, {}, {});
  expectShape(output, 2, 1, 1, 2);
  EXPECT_EQ(output.values, (Doubles{6, 12, 10, 20}));
}

TEST(PartialConv, FirstChannelsConvolvedOthersPass) {
  // Channels (p, q), p is convolved by ones: each output p is the sum of all p in the 3x3 around it.
  Tensor input = tensor(1, 2, 2, 2, {1, -1, 2, -2, 3, -3, 4, -4});
  Tensor output = partialConv(input, Floats(9, 1.0f), 1);
  expectShape(output, 1, 2, 2, 2);
  EXPECT_EQ(output.values, (Doubles{10, -1, 10, -2, 10, -3, 10, -4}));
}

TEST(PartialConv, WeightsAreCorrelatedNotFlipped) {
  // Only the weight of row -1, column +1 is set: each output is its upper right neighbour.
  Tensor input = tensor(1, 2, 2, 1, {1, 2, 3, 4});
  Floats weights(9);
  weights[2] = 1;
  EXPECT_EQ(partialConv(input, weights, 1).values, (Doubles{0, 0, 2, 0}));
}

TEST(Pointwise, EveryRowAndPanelRemainder) {
  // Three pixels and nine outputs leave a remainder in both directions of the tile. Weight (o, k) = o + 100
  // k.
  Tensor input = tensor(1, 1, 3, 2, {1, 0, 0, 1, 1, 1});
  Floats weights, bias;
  for (int o = 0; o < 9; ++o) {
    weights.insert(weights.end(), {static_cast<float>(o), static_cast<float>(o + 100)});
    bias.push_back(1000.0f);
  }
  Tensor output = pointwise(input, weights, bias, 9);
  expectShape(output, 1, 1, 3, 9);
  for (int64_t o = 0; o < 9; ++o) {
    EXPECT_EQ(output.at(0, 0, 0, o), 1000.0 + o);
    EXPECT_EQ(output.at(0, 0, 1, o), 1100.0 + o);
    EXPECT_EQ(output.at(0, 0, 2, o), 1100.0 + 2 * o);
  }
}

TEST(Pointwise, KeepsDoublePrecision) {
  // In float the 1 would vanish beside 2^24 + 2^24.
  Tensor input = tensor(1, 1, 1, 3, {16777216, 1, 16777216});
  EXPECT_EQ(pointwise(input, Floats{1, 1, 1}, {}, 1).values, Doubles{33554433});
}

TEST(Linear, OneRowPerImage) {
  Tensor input = tensor(2, 1, 1, 2, {1, 2, 3, 4});
  EXPECT_EQ(linear(input, Floats{1, 10}, Floats{0.5f}, 1).values, (Doubles{21.5, 43.5}));
}

TEST(BatchNorm, Formula) {
  // (5 - 1) / sqrt(3 + 1) * 10 + 7 = 27 and (0 - 2) / sqrt(0 + 1) * 1 + 0 = -2.
  Tensor input = tensor(1, 1, 1, 2, {5, 0});
  EXPECT_EQ(batchNorm(input, Floats{10, 1}, Floats{7, 0}, Floats{1, 2}, Floats{3, 0}, 1.0).values,
            (Doubles{27, -2}));
}

TEST(Affine, PerChannel) {
  Tensor input = tensor(1, 1, 2, 2, {1, 2, 3, 4});
  EXPECT_EQ(affine(input, Floats{2, 10}, Floats{1, 0}).values, (Doubles{3, 20, 7, 40}));
  EXPECT_EQ(layerScale(input, Floats{2, 10}).values, (Doubles{2, 20, 6, 40}));
}

TEST(Relu, CutsNegativesAndKeepsNan) {
  Tensor output = relu(tensor(1, 1, 1, 3, {-1, 2, std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_EQ(output.values[0], 0);
  EXPECT_EQ(output.values[1], 2);
  EXPECT_NE(output.values[2], output.values[2]);
}

TEST(Gelu, ExactForm) {
  // Phi(1) = 0.8413447460685429..., so gelu(1) is that and gelu(-1) = -(1 - Phi(1)); far out it is x or 0.
  Tensor output = gelu(tensor(1, 1, 1, 5, {0, 1, -1, 40, -40}));
  EXPECT_EQ(output.values[0], 0);
  EXPECT_NEAR(output.values[1], 0.84134474606854295, 1e-15);
  EXPECT_NEAR(output.values[2], -0.15865525393145705, 1e-15);
  EXPECT_EQ(output.values[3], 40);
  EXPECT_EQ(output.values[4], 0);
}

TEST(Add, ElementByElement) {
  EXPECT_EQ(add(tensor(1, 1, 1, 2, {1, 2}), tensor(1, 1, 1, 2, {10, 20})).values, (Doubles{11, 22}));
}

TEST(GlobalPool, MeanPerImageAndChannel) {
  Tensor input = tensor(2, 1, 2, 2, {1, 10, 3, 30, 5, 50, 9, 90});
  Tensor output = globalPool(input);
  expectShape(output, 2, 1, 1, 2);
  EXPECT_EQ(output.values, (Doubles{2, 20, 7, 70}));
}

TEST(Layout, NchwThereAndBack) {
  Floats values = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}; // [2, 2, 1, 3]
  Tensor input = fromNchw(values, 2, 2, 1, 3);
  expectShape(input, 2, 1, 3, 2);
  EXPECT_EQ(input.values, (Doubles{1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16}));
  EXPECT_EQ(toNchw(input), Doubles(values.begin(), values.end()));
}

} // namespace
