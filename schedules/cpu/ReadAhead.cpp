#include "schedules/cpu/ReadAhead.h"
#include "support/PackedLayout.h"

#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace Halide;

namespace {

/// Where the next strip's rows begin: `strips` of them in an image, of which the first one's begin at
/// `first`.
std::function<Expr(Expr)> nextRows(int64_t strips, int64_t imageElements, int64_t stripElements,
                                   int64_t first) {
  return [=](const Expr &round) -> Expr {
    return round / int(strips) * int(imageElements) + (round % int(strips) + 1) * int(stripElements) +
           int(first);
  };
}

} // namespace

fasternet::ReadAhead fasternet::weightsAhead(const ImageParam &packed, const Func &wrapper, const Var &over,
                                             int64_t channels, int64_t terms, int64_t pieces) {
  // Of a panel that two tiles share, the first has brought all lines.
  const int64_t panel = PackedLayout{}.panel, shared = panel - std::gcd(channels, panel);
  const int64_t tile = channels * terms, piece = int64_t(llvm::divideCeil(tile, pieces));
  return {.buffer = packed.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = packed.name(),
          .type = packed.type(),
          .elements = piece,
          .begin = [=](const Expr &round) -> Expr {
            return (round / int(pieces) + 1) * int(tile) + round % int(pieces) * int(piece) +
                   int(shared * terms);
          }};
}

fasternet::ReadAhead fasternet::rowsAhead(const ImageParam &input, const KernelSpec &spec,
                                          const Func &wrapper, const Var &over, const ImageParam &pace,
                                          int64_t strips, int64_t rows, int64_t before) {
  constexpr int64_t border = 2 * KernelSpec::borderPixels;
  const int64_t row = (spec.width + border) * spec.channels;
  return {.buffer = input.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = pace.name(),
          .type = input.type(),
          .elements = rows * row,
          .begin = nextRows(strips, (spec.height + border) * row, rows * row, before * row)};
}

fasternet::ReadAhead fasternet::planesAhead(const ImageParam &image, const KernelSpec &spec,
                                            const Func &wrapper, const Var &over, const ImageParam &pace,
                                            int64_t strips, int64_t rows, const RVar &plane) {
  const int64_t planeElements = spec.width * spec.height;
  return {.buffer = image.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = pace.name(),
          .type = image.type(),
          .elements = rows * spec.width,
          .begin = nextRows(strips, spec.channels * planeElements, rows * spec.width, 0),
          .planeLoop = plane.name(),
          .planes = spec.channels,
          .planeElements = planeElements};
}
