// How many tasks a schedule has, and whether threads share them well.
#pragma once

#include "schedules/cpu/TileModel.h"

#include "llvm/Support/MathExtras.h"

namespace fasternet {

/// Whether a few threads have equal parts of so many tasks, which are not divided.
inline bool sharedEvenly(int64_t tasks) {
  constexpr int64_t fewest = 4, many = 13;
  return tasks >= fewest && (tasks % 2 == 0 || tasks >= many);
}

/// Tiles of channels, each a task where a strip is shared.
inline int64_t tilesOf(int64_t channels, int64_t vector, const RegisterTile &tile) {
  return int64_t(llvm::divideCeil(channels, vector * tile.vectors));
}

/// The cheapest tile whose number threads share evenly, if it costs no more than `most` times the cheapest of
/// all; else that one. `tiles` are ranked.
inline RegisterTile evenTile(const std::vector<RankedTile> &tiles, int64_t channels, int64_t vector,
                             double most) {
  for (const RankedTile &ranked : tiles)
    if (ranked.cost <= most * tiles.front().cost && sharedEvenly(tilesOf(channels, vector, ranked.tile)))
      return ranked.tile;
  return tiles.front().tile;
}

} // namespace fasternet
