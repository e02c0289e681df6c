// GELU's polynomial against erfc in double precision, over a dense range.
#include "kernels/Activations.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace fasternet;

namespace {

double exactGelu(double value) {
  return 0.5 * value * std::erfc(-value / std::sqrt(2.0));
}

/// `activation` of each value, on this machine.
Halide::Buffer<float> evaluate(Activation activation, Halide::Buffer<float> values) {
  Halide::Var x;
  Halide::Func result;
  result(x) = activate(activation, values(x));
  result.vectorize(x, 8, Halide::TailStrategy::GuardWithIf);
  return result.realize({values.width()});
}

TEST(Activations, GeluStaysWithinItsBound) {
  constexpr int count = 2'000'001;
  Halide::Buffer<float> values(count);
  for (int i = 0; i < count; ++i)
    values(i) = float(-12.0 + 24.0 * i / (count - 1));
  const Halide::Buffer<float> results = evaluate(Activation::Gelu, values);
  double worst = 0;
  float where = 0;
  for (int i = 0; i < count; ++i) {
    const double error = std::abs(double(results(i)) - exactGelu(values(i)));
    const double allowed = std::max(1.0, std::abs(double(values(i))));
    if (!(error / allowed <= worst))
      worst = error / allowed, where = values(i);
  }
  RecordProperty("worst", std::to_string(worst * 1e6) + "e-6");
  EXPECT_LE(worst, 2e-6) << "at " << where;
}

TEST(Activations, GeluKeepsLargeValuesAndZero) {
  const float points[] = {0.0f, -0.0f, 5.0f, -5.0f, 1e4f, -1e4f, 1e30f, -1e30f};
  Halide::Buffer<float> values(int(std::size(points)));
  std::copy(std::begin(points), std::end(points), values.begin());
  const Halide::Buffer<float> results = evaluate(Activation::Gelu, values);
  for (int i = 0; i < values.width(); ++i)
    EXPECT_NEAR(results(i), std::max(values(i), 0.0f), 2e-6) << "at " << values(i);
}

TEST(Activations, ReluAndNone) {
  Halide::Buffer<float> values(3);
  values(0) = -2, values(1) = 0, values(2) = 3;
  const Halide::Buffer<float> relu = evaluate(Activation::Relu, values),
                              none = evaluate(Activation::None, values);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(relu(i), std::max(values(i), 0.0f));
    EXPECT_EQ(none(i), values(i));
  }
}

} // namespace
