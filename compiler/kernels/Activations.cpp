#include "kernels/Activations.h"

#include "llvm/Support/ErrorHandling.h"

using namespace Halide;

// Phi(v) = 1/2 + v Q(v^2). Q is the minimax fit of 12 terms to (Phi(v) - 1/2) / v over |v| <= 4.95 under the
// weight v^2, with which its error enters the result (Lawson iteration over Chebyshev nodes; 1.34e-6). Its
// variable is u = 2 v^2 / 4.95^2 - 1: powers of v^2 itself would cancel in single precision (3e-4).
// Beyond 4.95, u stays at 1, so that |v Q| grows past 1/2 and the clamp gives exactly 0 or 1; what is cut off
// there is below 4.95 Phi(-4.95) = 1.84e-6. Each further term costs 1 % of the smallest model's time.
Expr fasternet::gelu(Expr value) {
  constexpr double limit = 4.95;
  constexpr double coefficients[] = {0.1427833889929876,     -0.07095686587406126,  0.051886374620023816,
                                     -0.040477757591817105,  0.03118270521248404,   -0.023208919643494447,
                                     0.01635379462022715,    -0.009759278060713864, 0.004915024239845732,
                                     -0.0035921870602824836, 0.0028484971537819795, -0.0009648052440683629};
  Expr u = min(value * value, float(limit * limit)) * float(2 / (limit * limit)) - 1.0f;
  // Even and odd terms apart: one more multiplication, but half the chain of dependent operations, of which a
  // processor overlaps only a few.
  Expr square = u * u, even = float(coefficients[10]), odd = float(coefficients[11]);
  for (int i = 8; i >= 0; i -= 2) {
    even = even * square + float(coefficients[i]);
    odd = odd * square + float(coefficients[i + 1]);
  }
  Expr q = odd * u + even;
  return value * max(min(value * q + 0.5f, 1.0f), 0.0f);
}

Expr fasternet::activate(Activation activation, Expr value) {
  switch (activation) {
  case Activation::None:
    return value;
  case Activation::Relu:
    return max(value, 0.0f);
  case Activation::Gelu:
    return gelu(value);
  }
  llvm_unreachable("covered switch");
}
