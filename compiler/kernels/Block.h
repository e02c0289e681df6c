// One FasterNet block: partial convolution, pointwise product, activation, pointwise product, shortcut.
#pragma once

#include "kernels/PairedConvolution.h"
#include "kernels/ProductSum.h"

#include <optional>

namespace fasternet {

/// output = input + W2 act(W1 [PConv3x3(input) ; rest of input] + b1).
/// Each sum (convolution, product, sum) has a pure wrapper (partial, hidden, output): scheduled inside
/// a register tile of the wrapper, its accumulators never touch memory. The channels that the partial
/// convolution passes through are read in place by the first product: nothing is copied.
struct BlockKernel {
  /// `granule`: see PackedAccess. `paired`: the convolution is a PairedConvolution, in f32 only.
  BlockKernel(const KernelSpec &spec, int64_t granule, bool paired = false);

  Halide::ImageParam input, partialWeight, firstWeight, firstBias, secondWeight;
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
  std::optional<PairedConvolution> pairs;
  ProductSum convolution; ///< over input channel, kernel x, kernel y; none if it is paired
  ProductSum product;     ///< over channels that the convolution made, then over those read from the input, if any
  ProductSum sum;         ///< over hidden channels
  Halide::Func partial{"partial"}, hidden{"hidden"}, output{"output"};

  std::vector<Halide::Argument> arguments() const {
    return {input, partialWeight, firstWeight, firstBias, secondWeight};
  }
};

} // namespace fasternet
