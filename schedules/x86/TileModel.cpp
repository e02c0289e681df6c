#include "schedules/cpu/TileModel.h"

#include "support/PackedLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

/// A tile's weights seldom stay in L1 from one group of pixels to the next. What Zen 4's L2 delivers; with
/// AVX2, 8x1 reaches 0.45 of the peak at C=1024, 2x4 and 4x2 0.69.
static constexpr double weightBytesPerCycle = 32;

/// Cycles of one step of the reduction per useful result: multiply-adds at the CPU's rate, but no faster than
/// an accumulator can follow itself (latency 4), and a part of the loads, which run beside them. Measured on
/// Zen 4: more than 14 pixels are too many streams (28 pixels x 1 vector at C=256: 0.70 of the peak, 14:
/// 0.97); 8-wide vectors lose nothing there, so that 40 channels are 5 of them and not 3 of 16 (embedding:
/// 0.81 to 0.96).
std::vector<RankedTile> fasternet::rankTilesX86(const Target &target, int64_t vector, int64_t channels,
                                                int64_t pixels) {
  const int64_t padded = llvm::alignTo(channels, PackedLayout{}.panel);
  // Beside the accumulators live the operands of the tile's shorter side and one of the other. Measured with
  // AVX2: 3x4 reaches 0.97 of the peak; 2x7 0.46, for want of one register. With AVX-512, whose multiply-adds
  // could take it from memory, LLVM loads it once: 4x7 spills, and reaches 0.87 at 7x7 on Zen 5 where 3x7 has
  // 0.97.
  constexpr int64_t operand = 1;
  // Two instructions per cycle, whatever their width: Zen 5 does 8-wide ones at half the rate of 16-wide
  // ones.
  const double floatsPerCycle = double(std::min(target.fmaFloats, 2 * vector));
  std::vector<RankedTile> tiles;
  for (int64_t vectors = 1; vectors <= 8; ++vectors) {
    const int64_t covered = llvm::alignTo(channels, vector * vectors);
    if (covered > padded)
      continue;
    for (int64_t columns = 1; columns <= std::min<int64_t>(pixels, 14); ++columns) {
      const int64_t accumulators = vectors * columns;
      if (accumulators + std::min(vectors, columns) + operand > target.vectorRegisters)
        continue;
      const double waste = double(covered) / channels * double(llvm::alignTo(pixels, columns)) / pixels;
      // Half a panel's line brings in the whole: with AVX2 and C=160, 5x2 reaches 0.81, 4x2 0.88.
      const auto weights = llvm::alignTo(vectors * vector, PackedLayout{}.panel);
      const double loads = double(vectors + columns);
      const double cycles = std::max({4.0, double(accumulators * vector) / floatsPerCycle,
                                      double(4 * weights) / weightBytesPerCycle}) +
                            loads / 8;
      tiles.push_back({{vectors, columns, 1}, waste * cycles / double(accumulators * vector)});
    }
  }
  // Stable: of equal tiles the one with fewer vectors comes first.
  llvm::stable_sort(tiles, [](const RankedTile &a, const RankedTile &b) { return a.cost < b.cost; });
  return tiles;
}
