// How a weight tensor lies in the packed blob: output channels in zero-padded panels, so that one vector load
// feeds one register. Decision of DESIGN.md: on x86 the panel is 16 wide for every level, which lets several
// levels share one blob.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace fasternet {

/// Source: row-major [outputs, inputs, kernelHeight, kernelWidth] floats (a vector of length outputs is
/// inputs = kernelHeight = kernelWidth = 1).
/// Packed: row-major [ceil(outputs / panel), kernelHeight, kernelWidth, ceil(inputs / inputPanel), panel,
/// inputPanel]; what lies beyond outputs or inputs is 0. Vector code reads single inputs; tensor cores read
/// tiles of inputs too.
struct PackedLayout {
  int64_t outputs = 0, inputs = 1, kernelHeight = 1, kernelWidth = 1, panel = 16, inputPanel = 1;

  int64_t panels() const { return (outputs + panel - 1) / panel; }
  int64_t inputPanels() const { return (inputs + inputPanel - 1) / inputPanel; }
  int64_t sourceElements() const { return outputs * inputs * kernelHeight * kernelWidth; }
  int64_t packedElements() const {
    return panels() * panel * inputPanels() * inputPanel * kernelHeight * kernelWidth;
  }
  /// Where one source value lies, in elements; `tap` counts the window's positions row by row.
  int64_t packedIndex(int64_t output, int64_t input, int64_t tap) const {
    const int64_t row =
        (output / panel * kernelHeight * kernelWidth + tap) * inputPanels() + input / inputPanel;
    return (row * panel + output % panel) * inputPanel + input % inputPanel;
  }
  bool operator==(const PackedLayout &) const = default;
};

/// Bytes to which every packed tensor is aligned inside the blob: a cache line and the widest vector.
inline constexpr int64_t packedAlignment = 64;

/// Packs one tensor. `source` holds layout.sourceElements() values.
std::vector<float> pack(llvm::ArrayRef<float> source, const PackedLayout &layout);

} // namespace fasternet
