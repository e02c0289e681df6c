// Rows times panels. Two rows by eight outputs keep sixteen sums in the registers of plain x86-64, and every
// weight that is loaded serves both rows.
#include "reference/primitives/Product.h"

#include <algorithm>

namespace fasternet::reference {

namespace {

constexpr int64_t width = PanelWeights::panelOutputs;
constexpr int64_t tileRows = 2;

/// Rows that share one pass over the weights: as many as keep a pass over the panels from costing more than
/// the sums.
constexpr int64_t blockRows = 32;

template <int64_t Rows>
void multiplyTile(const double *rows, int64_t rowStride, int64_t length, const double *panel, double *sums) {
  double local[Rows][width] = {};
  for (int64_t k = 0; k < length; ++k)
    for (int64_t row = 0; row < Rows; ++row)
      for (int64_t o = 0; o < width; ++o)
        local[row][o] += rows[row * rowStride + k] * panel[k * width + o];
  for (int64_t row = 0; row < Rows; ++row)
    std::copy_n(local[row], width, sums + row * width);
}

} // namespace

void PanelWeights::multiply(const double *rows, int64_t rowStride, int64_t count, std::span<const float> bias,
                            double *results, int64_t resultStride) const {
  for (int64_t block = 0; block < count; block += blockRows) {
    int64_t blockEnd = std::min(count, block + blockRows);
    for (int64_t first = 0; first < outputs; first += width) {
      const double *panel = panels.data() + first * length;
      int64_t valid = std::min(width, outputs - first);
      for (int64_t row = block; row < blockEnd; row += tileRows) {
        double sums[tileRows * width];
        int64_t tile = std::min(tileRows, blockEnd - row);
        if (tile == tileRows)
          multiplyTile<tileRows>(rows + row * rowStride, rowStride, length, panel, sums);
        else
          multiplyTile<1>(rows + row * rowStride, rowStride, length, panel, sums);
        for (int64_t r = 0; r < tile; ++r)
          for (int64_t o = 0; o < valid; ++o)
            results[(row + r) * resultStride + first + o] =
                sums[r * width + o] + (bias.empty() ? 0.0 : static_cast<double>(bias[first + o]));
      }
    }
  }
}

} // namespace fasternet::reference
