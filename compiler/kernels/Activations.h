// Activation functions as Halide expressions.
#pragma once

#include "support/KernelSpec.h"

#include <Halide.h>

namespace fasternet {

/// GELU in the exact form v * Phi(v), within 2e-6, without division or calls.
Halide::Expr gelu(Halide::Expr value);
Halide::Expr activate(Activation activation, Halide::Expr value);

} // namespace fasternet
