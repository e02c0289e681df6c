#include "kernels/Activations.h"

#include "llvm/Support/ErrorHandling.h"

using namespace Halide;

// gelu(v) = max(v, 0) - a Phi(-a) with a = |v|. The sixteenth root of Phi(-a) is so close to a straight line
// that five degrees reach 5.5e-7 in the result (minimax under the weight with which an error of the root
// enters it, a p^15; Lawson iteration over Chebyshev nodes); with rounding in single precision 8e-7.
// Beyond 5.4 the value of a Phi(-a) there stays, 1.8e-7. 14 operations; an even polynomial for Phi itself
// needs 19 for 1.3e-6.
Expr fasternet::gelu(Expr argument) {
  constexpr double limit = 5.4;
  constexpr double coefficients[] = {0.9576056908276322,     -0.04777984799647658,  -0.017767151395861807,
                                     -0.0013962486894270028, 0.0006922381648573141, -4.5520552757280504e-05};
  const Expr value = cast<float>(argument);
  const Expr a = min(abs(value), float(limit));
  Expr power = float(coefficients[5]);
  for (int i = 4; i >= 0; --i)
    power = power * a + float(coefficients[i]);
  for (int i = 0; i < 4; ++i)
    power = power * power;
  return cast(argument.type(), max(value, 0.0f) - a * power);
}

Expr fasternet::activate(Activation activation, Expr value) {
  switch (activation) {
  case Activation::None:
    return value;
  case Activation::Relu:
    return max(value, cast(value.type(), 0.0f));
  case Activation::Gelu:
    return gelu(value);
  }
  llvm_unreachable("covered switch");
}
