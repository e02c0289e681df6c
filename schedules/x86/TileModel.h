// What a register tile of a product costs, from registers, issue slots and latency.
#pragma once

#include "schedules/Parameters.h"
#include "targets/Targets.h"

#include <vector>

namespace fasternet {

struct RankedTile {
  RegisterTile tile;
  double cost; ///< issue slots per useful result; comparable between vector widths
};

/// Tiles of one row for a product of `channels` results over `pixels` pixels of a row that fit the registers,
/// cheapest first; never empty.
std::vector<RankedTile> rankTiles(const Target &target, int64_t vector, int64_t channels, int64_t pixels);

} // namespace fasternet
