// The classifier: mean over pixels, product, activation, and a second product with bias where there are
// classes.
#pragma once

#include "support/KernelSpec.h"

#include <Halide.h>

namespace fasternet {

/// features(c, n) = act(W1 mean(input)); output = W2 features + b2, or the features themselves.
/// total, product and score are the reductions behind mean, features and output. All in f32: inputs and weights
/// of half precision are widened, since memory bounds a head and its sums over pixels are long.
struct HeadKernel {
  /// `granule`: see PackedAccess.
  HeadKernel(const KernelSpec &spec, int64_t granule);

  bool classifies;
  Halide::ImageParam input, firstWeight, classifierWeight, classifierBias;
  Halide::Var c{"c"}, n{"n"};
  Halide::RDom pixels, channels, inner;
  Halide::Func total{"total"}, mean{"mean"}, product{"product"}, features{"features"}, score{"score"},
      output{"output"};

  std::vector<Halide::Argument> arguments() const;
};

} // namespace fasternet
