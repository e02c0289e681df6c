// How often the loops of a lowered kernel run.
#pragma once

#include "support/KernelListing.h"

#include <Halide.h>

namespace fasternet {

/// Fills functions and loops for one call of `symbol`. A loop whose extent is not constant counts with its
/// upper bound.
void countLoops(const Halide::Module &module, const std::string &symbol, KernelListing &listing);

} // namespace fasternet
