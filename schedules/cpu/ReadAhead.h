// What the loops of CPU kernels read in the order in which it lies, to be prefetched one round ahead: weights
// by tiles of channels, inputs by strips of rows.
#pragma once

#include "schedules/Schedules.h"
#include "support/KernelSpec.h"

namespace fasternet {

/// The weights in `packed`, of which the loop `over` of `wrapper` reads `terms` rows of `channels` for each
/// tile; `pieces` rounds of it make a tile.
ReadAhead weightsAhead(const Halide::ImageParam &packed, const Halide::Func &wrapper, const Halide::Var &over,
                       int64_t channels, int64_t terms, int64_t pieces = 1);

/// The rows of an NHWC `input`, of which each round of the loop `over` of `wrapper` reads `rows` that no
/// earlier round has read, and the first one of an image, which has `strips` of them, `before` rows more.
/// Innermost loops that read `pace` bear the prefetches.
ReadAhead rowsAhead(const Halide::ImageParam &input, const KernelSpec &spec, const Halide::Func &wrapper,
                    const Halide::Var &over, const Halide::ImageParam &pace, int64_t strips, int64_t rows,
                    int64_t before);

/// The same for an image in NCHW order, whose planes the innermost loop `plane` goes over.
ReadAhead planesAhead(const Halide::ImageParam &image, const KernelSpec &spec, const Halide::Func &wrapper,
                      const Halide::Var &over, const Halide::ImageParam &pace, int64_t strips, int64_t rows,
                      const Halide::RVar &plane);

} // namespace fasternet
