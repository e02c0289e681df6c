// One parametric schedule for all kinds of the benchmark's convolution, and its declared space.
#pragma once

#include "ConvolutionCase.h"
#include "schedules/Parameters.h"
#include "schedules/Schedules.h"

namespace fasternet::benchmark {

struct ConvolutionParameters {
  int64_t vector = 0; ///< floats per vector
  RegisterTile tile;  ///< accumulators of one block that are live at once
  int64_t blocks = 1; ///< blocks whose tiles are live at once: they share their inputs
  int64_t strip = 1;  ///< rows that are finished before the next ones begin
  int64_t order = 0; ///< 0: one tile's weights serve the strip; 1: all channels of some pixels, then the next
  int64_t unroll = 1; ///< input channels per iteration
  int64_t taps = 1;   ///< taps of the window that are unrolled: 1, 3 (a row) or 9
  template <typename Visitor> void visit(Visitor &&member) {
    member("vector", vector), member("tile", tile), member("blocks", blocks), member("strip", strip),
        member("order", order), member("unroll", unroll), member("taps", taps);
  }
};

/// From registers and divisors; always passes the check.
ConvolutionParameters defaultConvolution(const ConvolutionCase &shape, const Target &target);
/// Refuses what would read or write outside a tensor.
llvm::Error checkConvolution(const ConvolutionCase &shape, const Target &target,
                             const ConvolutionParameters &parameters);
/// The points one step from `from`, most promising first; they need not pass the check.
std::vector<ConvolutionParameters> stepsConvolution(const ConvolutionCase &shape, const Target &target,
                                                    const ConvolutionParameters &from);
/// `parameters` must pass the check.
ScheduledPipeline scheduleConvolution(const ConvolutionCase &shape, const ConvolutionParameters &parameters);

} // namespace fasternet::benchmark
