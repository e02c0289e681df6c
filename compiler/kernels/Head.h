// The classifier: mean over pixels, product, activation, and a second product with bias where there are
// classes.
#pragma once

#include "kernels/ProductSum.h"

#include <Halide.h>

namespace fasternet {

/// What of the algorithm a schedule chooses.
struct HeadForm {
  int64_t firstGranule = 1, secondGranule = 1; ///< see PackedAccess
  int64_t firstPieces = 1, secondPieces = 1;   ///< of the products' inputs, which they take in turn: see Terms
};

/// features(c, n) = act(W1 mean(input)); output = W2 features + b2, or the features themselves.
/// total, product and score are the reductions behind mean, features and output. All in f32: inputs and weights
/// of half precision are widened, since memory bounds a head and its sums over pixels are long.
struct HeadKernel {
  HeadKernel(const KernelSpec &spec, const HeadForm &form);

  bool classifies;
  Halide::ImageParam input, firstWeight, classifierWeight, classifierBias;
  Halide::Var c{"c"}, n{"n"};
  Halide::RDom pixels;
  ProductSum product, score; ///< over channels, over features
  Halide::Func total{"total"}, mean{"mean"}, features{"features"}, output{"output"};

  std::vector<Halide::Argument> arguments() const;
};

} // namespace fasternet
