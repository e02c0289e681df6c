#include "kernels/PairedConvolution.h"

using namespace Halide;

fasternet::PairedConvolution::PairedConvolution(const KernelSpec &spec, const PackedAccess &packed,
                                                ImageParam input, ImageParam weight)
    : window(0, int(spec.partial), 0, 3, "window") {
  auto tap = [&](int x) { return weight(lane, channel, x, line, panel); };
  const Expr outer = (tap(0) + tap(2)) * 0.5f, middle = tap(1) * 0.5f;
  mixedWeight(lane, channel, term, line, panel) =
      select(term == 0, tap(0), term == 1, outer + middle, term == 2, outer - middle, tap(2));

  // The last pair of an odd row has one pixel; the column that only its second would need does not exist.
  auto column = [&](int i) {
    const Expr at = pair * 2 + (i - 1);
    return input(channel, i == 3 ? min(at, int(spec.width)) : at, y, n);
  };
  mixedInput(channel, term, pair, y, n) =
      select(term == 0, column(0) - column(2), term == 1, column(1) + column(2), term == 2,
             column(2) - column(1), column(1) - column(3));

  sum(c, pair, term, y, n) = 0.0f;
  sum(c, pair, term, y, n) += packed.weight(mixedWeight, c, window.x, term, window.y) *
                              mixedInput(window.x, term, pair, y + window.y - 1, n);
  products(c, pair, term, y, n) = sum(c, pair, term, y, n);
}

Expr fasternet::PairedConvolution::pixel(Expr c, Expr x, Expr y, Expr n) const {
  auto product = [&](int i) { return products(c, x / 2, i, y, n); };
  return select(x % 2 == 0, product(0) + product(1) + product(2), product(1) - product(2) - product(3));
}
