// One FasterNet block: partial convolution, pointwise product, activation, pointwise product, shortcut.
#pragma once

#include "kernels/PairedConvolution.h"

#include <optional>

namespace fasternet {

/// output = input + W2 act(W1 [PConv3x3(input) ; rest of input] + b1).
/// Each reduction (convolution, product, sum) has a pure wrapper (partial, hidden, output): scheduled inside
/// a register tile of the wrapper, its accumulators never touch memory. The channels that the partial
/// convolution passes through are read in place by the first product: nothing is copied.
struct BlockKernel {
  /// `granule`: see PackedAccess. `paired`: the convolution is a PairedConvolution.
  BlockKernel(const KernelSpec &spec, int64_t granule, bool paired = false);

  Halide::ImageParam input, partialWeight, firstWeight, firstBias, secondWeight;
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
  std::optional<PairedConvolution> pairs;
  Halide::RDom window; ///< input channel, kernel x, kernel y of the partial convolution unless it is paired
  Halide::RDom convolved;           ///< channels of the first product that the partial convolution made
  std::optional<Halide::RDom> rest; ///< and those read from the input; none if all are convolved
  Halide::RDom inner;               ///< hidden channels of the second product
  Halide::Func convolution{"convolution"}, partial{"partial"}, product{"product"}, hidden{"hidden"},
      sum{"sum"}, output{"output"};

  std::vector<Halide::Argument> arguments() const {
    return {input, partialWeight, firstWeight, firstBias, secondWeight};
  }
};

} // namespace fasternet
