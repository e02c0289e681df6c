// The one hot loop of the reference: rows of doubles times a weight matrix. Convolutions gather their windows
// into rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fasternet::reference {

/// A weight matrix [outputs, length], widened to double and stored in panels of `panelOutputs` rows,
/// transposed and zero-padded, so that the loop over outputs is innermost and the compiler vectorizes it
/// without reordering a sum.
class PanelWeights {
public:
  static constexpr int64_t panelOutputs = 8;

  /// `element(o, k)` is the index in `weights` of row o, column k.
  template <typename Index>
  PanelWeights(std::span<const float> weights, int64_t outputs, int64_t length, Index element)
      : outputs(outputs), length(length),
        panels((outputs + panelOutputs - 1) / panelOutputs * panelOutputs * length) {
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t k = 0; k < length; ++k)
        panels[((o / panelOutputs) * length + k) * panelOutputs + o % panelOutputs] = weights[element(o, k)];
  }

  /// For each of `count` rows: results[row * resultStride + o] = sum over k, in order, of rows[row *
  /// rowStride + k] times weight (o, k), plus bias[o] where a bias is given.
  void multiply(const double *rows, int64_t rowStride, int64_t count, std::span<const float> bias,
                double *results, int64_t resultStride) const;

private:
  int64_t outputs, length;
  std::vector<double> panels;
};

} // namespace fasternet::reference
