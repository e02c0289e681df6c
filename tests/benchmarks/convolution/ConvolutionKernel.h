// The benchmark's convolution as a Halide algorithm, for all kinds.
#pragma once

#include "ConvolutionCase.h"

#include <Halide.h>

namespace fasternet::benchmark {

/// output(k, block, x, y) = sum(k, block, x, y), where k counts the channels of a block (see
/// ConvolutionCase::blockChannels). Where the rest is copied, output(k, x, y) copies all channels and its
/// update over `first` puts the sums in place: clone and assign, the published model's way of inference.
struct ConvolutionKernel {
  /// `granule`: floats of a vector; see PackedAccess.
  ConvolutionKernel(const ConvolutionCase &shape, int64_t granule);

  Halide::ImageParam input, weight;
  Halide::Var k{"k"}, block{"block"}, x{"x"}, y{"y"};
  Halide::RDom window; ///< input of the group, kernel x, kernel y
  Halide::RDom first;  ///< the convolved channels
  Halide::Func sum{"sum"}, output{"output"};
};

} // namespace fasternet::benchmark
