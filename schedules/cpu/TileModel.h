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

/// rankTiles of each family, from its registers and units: <family>/TileModel.cpp.
std::vector<RankedTile> rankTilesX86(const Target &target, int64_t vector, int64_t channels, int64_t pixels);
std::vector<RankedTile> rankTilesArm(const Target &target, int64_t vector, int64_t channels, int64_t pixels);

/// Tiles of one row for a product of `channels` results over `pixels` pixels of a row that fit the registers,
/// cheapest first; never empty.
inline std::vector<RankedTile> rankTiles(const Target &target, int64_t vector, int64_t channels,
                                         int64_t pixels) {
  return target.family == TargetFamily::Arm ? rankTilesArm(target, vector, channels, pixels)
                                            : rankTilesX86(target, vector, channels, pixels);
}

} // namespace fasternet
