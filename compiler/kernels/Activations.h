// Activation functions as Halide expressions.
#pragma once

#include "support/KernelSpec.h"

#include <Halide.h>

namespace fasternet {

/// GELU in the exact form v * Phi(v), within 2e-6, without division or calls. In f32 whatever the type of
/// `value`, to which the result is rounded: the sixteenth power takes 16 times the rounding error of its
/// base.
Halide::Expr gelu(Halide::Expr value);
Halide::Expr activate(Activation activation, Halide::Expr value);

} // namespace fasternet
