#include "schedules/cpu/TileModel.h"

#include "support/PackedLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

/// Cycles per useful result of the steps of the reduction that share a load: it brings as many values of a
/// pixel as a vector holds, four floats or eight halves, which multiply-adds take by element; weights come
/// two vectors at a time where a tile has an even number of them, for the price of one and a half: between
/// one instruction and the two operations that cores split it into.
std::vector<RankedTile> fasternet::rankTilesArm(const Target &target, int64_t vector, int64_t channels,
                                                int64_t pixels) {
  const int64_t steps = target.vectorFloats;
  const int64_t padded = llvm::alignTo(channels, PackedLayout{}.panel);
  const double units = double(target.fmaFloats) / double(vector);
  // Instructions per cycle that leave the front end: A53 and A55 two, A72 three, N1 four, V1 and M1 eight.
  const double issue = target.inOrder ? 2 : units <= 1 ? 3 : 2 * units;
  // An element of a half is taken from the lower half of the registers only, where a tile's pixels must fit.
  const int64_t mostColumns = target.vectorFloats > 4 ? 8 : 14;
  std::vector<RankedTile> tiles;
  for (int64_t vectors = 1; vectors <= 8; ++vectors) {
    const int64_t covered = llvm::alignTo(channels, vector * vectors);
    if (covered > padded)
      continue;
    for (int64_t columns = 1; columns <= std::min(pixels, mostColumns); ++columns) {
      const int64_t accumulators = vectors * columns;
      // LLVM keeps two registers to itself: beyond that tiles spill.
      if (accumulators + vectors + columns > target.vectorRegisters - 2)
        continue;
      const double waste = double(covered) / channels * double(llvm::alignTo(pixels, columns)) / pixels;
      const double fmas = double(steps * accumulators);
      const double loads = double(steps * vectors) * (vectors % 2 == 0 ? 0.75 : 1) + double(columns);
      // In LLVM's models an accumulator follows itself after four cycles on A55, A72 and N1 and after two on
      // V1 and M1; three for all cores out of order.
      const double chain = (target.inOrder ? 4.0 : 3.0) * double(steps);
      const double cycles = std::max({chain, fmas / units, (fmas + loads) / issue}) + loads / 8;
      tiles.push_back({{vectors, columns, 1}, waste * cycles / (fmas * double(vector))});
    }
  }
  llvm::stable_sort(tiles, [](const RankedTile &a, const RankedTile &b) { return a.cost < b.cost; });
  return tiles;
}
