// Access to buffers and packed weights that all kernels share.
#pragma once

#include "kernels/KernelArguments.h"

#include <Halide.h>

namespace fasternet {

Halide::Type halideType(ElementType type);

/// An input buffer with the bounds and strides of `argument` as compile-time constants.
Halide::ImageParam constantBuffer(const KernelArgument &argument, const std::string &name);
/// The same for the output of a pipeline, whose type is the argument's.
void fixOutput(Halide::Func output, const KernelArgument &argument);

/// Indexes packed weights by output channel. `granule` divides the panel; a vector load that starts at a
/// multiple of it and is no longer is then seen to be dense: the lane is written as (c % granule) + granule *
/// part, where `c % 16` alone would be a gather for tiles that do not start at a panel.
class PackedAccess {
public:
  explicit PackedAccess(int64_t granule) : granule(int(granule)) {}
  /// `packed`: an argument, or a Func in the same order.
  Halide::Expr weight(Halide::Func packed, Halide::Expr output, Halide::Expr input, Halide::Expr x = 0,
                      Halide::Expr y = 0) const;

private:
  int granule;
};

/// The granule of tiles of so many channels: with the tile's own, one address serves all its loads, and
/// neighbours can be one instruction.
int64_t granuleOf(int64_t channels);

} // namespace fasternet
