// The partial convolution in Winograd's form F(2, 3) along rows: two pixels of a row at the price of four
// products instead of six.
#pragma once

#include "kernels/PackedAccess.h"

namespace fasternet {

/// With a row of a window's weights w0 w1 w2 and the inputs d0 d1 d2 d3 of a pair of pixels, the products
///   m0 = w0 (d0 - d2)   m1 = (w0 + w1 + w2)/2 (d1 + d2)   m2 = (w0 - w1 + w2)/2 (d2 - d1)   m3 = w2 (d1 -
///   d3)
/// give the pixels m0 + m1 + m2 and m1 - m2 - m3. The sums over channels and rows are taken before that.
struct PairedConvolution {
  PairedConvolution(const KernelSpec &spec, const PackedAccess &packed, Halide::ImageParam input,
                    Halide::ImageParam weight);

  Halide::Var c{"c"}, pair{"pair"}, term{"term"}, x{"x"}, y{"y"}, n{"n"};
  Halide::Var lane{"lane"}, channel{"channel"}, line{"line"}, panel{"panel"};
  Halide::RDom window;                      ///< input channel, kernel y
  Halide::Func mixedWeight{"mixed_weight"}; ///< (lane, channel, term, line, panel), as packed weights are
  Halide::Func mixedInput{"mixed_input"};   ///< (channel, term, pair, y, n)
  Halide::Func sum{"convolution"}, products{"products"}; ///< (c, pair, term, y, n); reduction and wrapper

  Halide::Expr pixel(Halide::Expr c, Halide::Expr x, Halide::Expr y, Halide::Expr n) const;
};

} // namespace fasternet
