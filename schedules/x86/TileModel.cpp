#include "schedules/x86/TileModel.h"

#include "support/PackedLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

/// The cost counts issue slots per useful result: multiply-adds, and loads, of which two issue per cycle; too
/// few accumulators leave the multiply-adds waiting for each other (latency 4 or 5, two per cycle).
std::vector<RankedTile> fasternet::rankTiles(const Target &target, int64_t vector, int64_t channels,
                                             int64_t pixels) {
  const int64_t padded = llvm::alignTo(channels, PackedLayout{}.panel);
  // AVX-512 and AVX broadcast from memory; one register holds the weights of the vector in use, one a product
  // or broadcast that does not fold.
  const int64_t available = target.vectorRegisters - 4;
  std::vector<RankedTile> tiles;
  for (int64_t vectors = 1; vectors <= 8; ++vectors) {
    const int64_t covered = llvm::alignTo(channels, vector * vectors);
    if (covered > padded)
      continue;
    for (int64_t columns = 1; columns <= std::min<int64_t>(pixels, 28); ++columns) {
      const int64_t accumulators = vectors * columns;
      const int64_t needed = accumulators + (target.isa == Isa::AVX512 ? std::min(vectors, columns)
                                                                       : std::min(vectors, columns) - 1);
      if (accumulators > available || needed > target.vectorRegisters - 1)
        continue;
      const double waste = double(covered) / channels * double(llvm::alignTo(pixels, columns)) / pixels;
      const double loads = double(vectors + columns) / accumulators;
      const double latency = std::max(1.0, 10.0 / accumulators);
      tiles.push_back({{vectors, columns, 1}, waste * latency * (1 + 0.25 * loads) / vector});
    }
  }
  // Stable: of equal tiles the one with fewer vectors comes first.
  llvm::stable_sort(tiles, [](const RankedTile &a, const RankedTile &b) { return a.cost < b.cost; });
  return tiles;
}
