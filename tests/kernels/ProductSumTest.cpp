// How sums are cut into chunks: long ones of half precision, and others on demand, into equal pieces that
// cover every term once.
#include "kernels/ProductSum.h"

#include <gtest/gtest.h>

using namespace fasternet;
using namespace Halide;

namespace {

int64_t extent(const RDom &domain) {
  int64_t product = 1;
  for (int d = 0; d < domain.dimensions(); ++d)
    product *= *Internal::as_const_int(domain[d].extent());
  return product;
}

Expr zero(ElementType type) {
  return type == ElementType::F16 ? cast(Float(16), 0.0f) : Expr(0.0f);
}

/// The sum of ones over `terms`, counted in `type`.
ProductSum sumOf(Terms terms, ElementType type, bool mayCut = true) {
  Var c, x, y, n;
  terms.name = "terms";
  terms.product = [type](Expr i, Expr, Expr) { return cast(zero(type).type(), i >= 0); };
  return ProductSum("sum", type, {c, x, y, n}, zero(type), {terms}, mayCut);
}

TEST(ProductSum, ShortOrSingleSumsAreWhole) {
  for (const ProductSum &sum : {sumOf({"", 8, 240}, ElementType::F16), sumOf({"", 0, 3072}, ElementType::F32),
                                sumOf({"", 0, 20, 3, 3}, ElementType::F16),
                                sumOf({"", 0, 64, 7, 7}, ElementType::F16, /*mayCut=*/false)}) {
    EXPECT_FALSE(sum.parts[0].chunks);
    EXPECT_EQ(sum.parts[0].accumulator.name(), sum.sum.name());
  }
}

TEST(ProductSum, LongSumsAreAddedUpInSinglePrecision) {
  const ProductSum sum = sumOf({"", 0, 640}, ElementType::F16);
  EXPECT_EQ(sum.sum.type(), Float(32));
  EXPECT_EQ(sum.parts[0].accumulator.type(), Float(16));
}

TEST(ProductSum, ChunksAreEqualAndCoverTheSum) {
  struct {
    Terms terms;
    int64_t chunk;
  } const cases[] = {{{"", 0, 640}, 320},          {{"", 80, 3072}, 512},     {{"", 0, 576}, 288},
                     {{"", 0, 900}, 450},          {{"", 0, 80, 3, 3}, 240},  {{"", 0, 192, 3, 3}, 192},
                     {{"", 0, 768, 3, 3}, 384},    {{"", 0, 160, 2, 2}, 320}, {{"", 0, 1021}, 1021},
                     {{"", 0, 2 * 1021}, 2 * 1021}};
  for (const auto &[terms, chunk] : cases) {
    const ProductSum sum = sumOf(terms, ElementType::F16);
    ASSERT_TRUE(sum.parts[0].chunks) << terms.count();
    EXPECT_EQ(extent(sum.parts[0].domain), chunk) << terms.count();
    EXPECT_EQ(extent(sum.parts[0].domain) * extent(*sum.parts[0].chunks), terms.count());
  }
}

/// Evaluated here, where Halide emulates half precision, whose own ones add up to 2048 and no further.
TEST(ProductSum, CountsBeyondTheDigitsOfHalfPrecision) {
  ProductSum sum = sumOf({"", 0, 4096}, ElementType::F16);
  Buffer<float> result = sum.sum.realize({1, 1, 1, 1});
  EXPECT_EQ(result(0, 0, 0, 0), 4096);
}

/// Every place of a window at every channel, once: powers of two tell them apart.
TEST(ProductSum, ChunksOfWindowsVisitEveryPlace) {
  Var c, x, y, n;
  auto number = [](Expr i, Expr kx, Expr ky) {
    return cast(Float(16), kx + 2 * ky + 4 * cast<int>(i == 130));
  };
  ProductSum sum("sum", ElementType::F16, {c, x, y, n}, zero(ElementType::F16),
                 {{"terms", 2, 600, 2, 2, number}});
  Buffer<float> result = sum.sum.realize({1, 1, 1, 1});
  EXPECT_EQ(result(0, 0, 0, 0), 600 * (0 + 1 + 2 + 3) + 4 * 4);
}

/// Pieces of a sum in single precision, one after the other or in turn: every channel at every place once.
TEST(ProductSum, PiecesVisitEveryTerm) {
  Var c, x, y, n;
  for (bool interleaved : {false, true}) {
    auto number = [](Expr i, Expr kx, Expr ky) { return cast<float>(i * i + 100 * (kx + 3 * ky)); };
    ProductSum sum("sum", ElementType::F32, {c, x, y, n}, 0.5f,
                   {{"terms", 2, 12, 3, 2, number, 4, interleaved}});
    ASSERT_TRUE(sum.parts[0].chunks);
    EXPECT_EQ(extent(*sum.parts[0].chunks), 4);
    EXPECT_EQ(extent(sum.parts[0].domain), 3 * 3 * 2);
    double expected = 0.5;
    for (int i = 2; i < 14; ++i)
      for (int place = 0; place < 6; ++place)
        expected += i * i + 100 * place;
    Buffer<float> result = sum.sum.realize({1, 1, 1, 1});
    EXPECT_EQ(result(0, 0, 0, 0), float(expected));
  }
}

} // namespace
