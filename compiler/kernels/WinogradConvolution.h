// The partial convolution in Winograd's forms F(2, 3) along rows and F(2x2, 3x3): pixels in pairs at the
// price of four products instead of six, or in squares at that of 16 instead of 36 (Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks", CVPR 2016).
#pragma once

#include "kernels/PackedAccess.h"

namespace fasternet {

/// With weights w0 w1 w2 and the inputs d0 d1 d2 d3 of two neighbouring pixels, the products
///   m0 = w0 (d0 - d2)   m1 = (w0 + w1 + w2)/2 (d1 + d2)   m2 = (w0 - w1 + w2)/2 (d2 - d1)   m3 = w2 (d1 -
///   d3)
/// give the pixels m0 + m1 + m2 and m1 - m2 - m3. Pairs take this along rows, and their sums are over
/// channels and the window's lines; squares take it along columns as well, and their sums are over channels
/// alone. Each sum is taken before pixels are made of it.
struct WinogradConvolution {
  enum class Form { Pairs, Squares };

  WinogradConvolution(const KernelSpec &spec, Form form, const PackedAccess &packed, Halide::ImageParam input,
                      Halide::ImageParam weight);

  int terms;  ///< products that a sum's pixels are made of: 4 or 16
  int height; ///< lines of pixels that come from one line of sums: 1 or 2
  Halide::Var c{"c"}, pair{"pair"}, term{"term"}, y{"y"}, n{"n"}; ///< y: of lines of pairs or squares
  Halide::Var lane{"lane"}, channel{"channel"}, line{"line"}, panel{"panel"};
  Halide::RDom window;                      ///< input channel, line of the window (of squares: one)
  Halide::Func mixedWeight{"mixed_weight"}; ///< (lane, channel, term, line, panel), as packed weights are
  Halide::Func mixedInput{"mixed_input"};   ///< (channel, term, pair, y, n)
  Halide::Func sum{"convolution"}, products{"products"}; ///< (c, pair, term, y, n); reduction and wrapper

  /// The pixel at x, y of the image.
  Halide::Expr pixel(Halide::Expr channel, Halide::Expr x, Halide::Expr y, Halide::Expr n) const;
};

} // namespace fasternet
