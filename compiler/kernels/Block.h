// One FasterNet block: partial convolution, pointwise product, activation, pointwise product, shortcut.
#pragma once

#include "kernels/ProductSum.h"
#include "kernels/WinogradConvolution.h"

#include <optional>

namespace fasternet {

/// What of the algorithm a schedule chooses.
struct BlockForm {
  int64_t partialGranule = 1, firstGranule = 1, secondGranule = 1; ///< see PackedAccess
  std::optional<WinogradConvolution::Form>
      winograd;        ///< the convolution is a WinogradConvolution, in f32 only
  bool joined = false; ///< the first product reads one Func of all its channels
  int64_t partialPieces = 1, firstPieces = 1,
          secondPieces = 1; ///< of each group of a sum's channels: see Terms
};

/// output = input + W2 act(W1 [PConv3x3(input) ; rest of input] + b1).
/// Each sum (convolution, product, sum) has a pure wrapper (partial, hidden, output): scheduled inside
/// a register tile of the wrapper, its accumulators never touch memory. The channels that the partial
/// convolution passes through are read in place by the first product: nothing is copied, unless the form is
/// joined, for schedules that bring the product's input into faster memory anyhow.
struct BlockKernel {
  BlockKernel(const KernelSpec &spec, const BlockForm &form);

  Halide::ImageParam input, partialWeight, firstWeight, firstBias, secondWeight;
  Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
  std::optional<WinogradConvolution> winograd;
  ProductSum convolution; ///< over input channel, kernel x, kernel y; none in Winograd's form
  ProductSum
      product;    ///< over channels that the convolution made, then over those read from the input, if any
  ProductSum sum; ///< over hidden channels
  Halide::RDom convolved; ///< channels that the convolution made, of `mixed`
  Halide::Func mixed{
      "mixed"}; ///< joined: the input, then, in update 0, the convolution in its first channels
  Halide::Func partial{"partial"}, hidden{"hidden"}, output{"output"};

  std::vector<Halide::Argument> arguments() const {
    return {input, partialWeight, firstWeight, firstBias, secondWeight};
  }
};

} // namespace fasternet
