// Sums of products over channels and windows: one reduction, or chunks of it where several add up at once or where
// half precision would lose digits.
#pragma once

#include "support/KernelSpec.h"

#include <Halide.h>

#include <functional>
#include <optional>
#include <vector>

namespace fasternet {

/// So many terms of half precision are added up in half precision; the sums of such chunks are added in f32.
/// The error of a sum grows with its terms: docs/decisions/0008-half-precision.md.
inline constexpr int64_t mostHalfTerms = 512;

/// Terms of a sum: `channels` from `first` on, at each place of a window.
struct Terms {
  std::string name;
  int64_t first = 0, channels = 1;
  int64_t width = 0, height = 0; ///< of the window; 0: there is none
  /// The product at a channel, a column and a row of the window.
  std::function<Halide::Expr(Halide::Expr channel, Halide::Expr x, Halide::Expr y)> product = {};
  int64_t pieces = 1;       ///< of the channels, which it divides: their sums are taken apart
  bool interleaved = false; ///< pieces take channels in turn, not one piece after the other

  bool hasWindow() const { return width > 0; }
  int64_t count() const { return channels * (hasWindow() ? width * height : 1); }
};

/// sum(at) = start + all terms. `at` begins with channel, x, y.
struct ProductSum {
  /// What adds up the terms of one group.
  struct Part {
    Halide::Func accumulator; ///< the sum itself, or the sum of a chunk: (at, piece, column, row)
    Halide::RDom domain; ///< of the accumulator: channels, then columns and rows of the window or of a chunk
    std::optional<Halide::RDom> chunks; ///< pieces of the channels, columns, rows: what the sum adds up
  };

  ProductSum() = default;
  /// Update i of the sum takes `groups[i]`. `type` is that of start and products, and of the sum unless long sums of
  /// half precision are cut into chunks, which `mayCut` allows.
  ProductSum(const std::string &name, ElementType type, const std::vector<Halide::Var> &at, Halide::Expr start,
             const std::vector<Terms> &groups, bool mayCut = true);

  Halide::Func sum;
  std::vector<Part> parts;

private:
  void addWhole(const std::vector<Halide::Var> &at, const Terms &terms);
  void addPieces(const std::vector<Halide::Var> &at, const Terms &terms, Halide::Type type);
  void addHalfChunks(const std::vector<Halide::Var> &at, const Terms &terms, Halide::Type type);
  void addChunks(const std::vector<Halide::Var> &at, const Terms &terms, Halide::Type type, int64_t pieces,
                 int64_t columns, int64_t rows);
};

} // namespace fasternet
