// The yardstick: multiply-adds per second of one core with nothing else to do.
#pragma once

#include "targets/Targets.h"

namespace fasternet {

/// GFLOP/s of one short window of independent multiply-adds in the widest vectors of `isa`; for SSE4, which has no
/// fused ones, of multiplications and additions in equal number.
double measurePeak(Isa isa);

} // namespace fasternet
