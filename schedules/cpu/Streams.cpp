#include "schedules/cpu/Streams.h"
#include "support/PackedLayout.h"

#include <numeric>

using namespace Halide;

fasternet::ReadAhead fasternet::weightsAhead(const ImageParam &packed, const Func &wrapper, const Var &over,
                                             int64_t channels, int64_t terms, int64_t pieces) {
  // Of a panel that two tiles share, the first has brought all lines.
  const int64_t panel = PackedLayout{}.panel, shared = panel - std::gcd(channels, panel);
  return {.buffer = packed.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = packed.name(),
          .type = packed.type(),
          .elements = channels * terms,
          .first = shared * terms,
          .pieces = pieces};
}

fasternet::ReadAhead fasternet::rowsAhead(const ImageParam &input, const KernelSpec &spec,
                                          const Func &wrapper, const Var &over, const ImageParam &pace,
                                          int64_t rows, int64_t before) {
  const int64_t row = (spec.width + 2 * KernelSpec::borderPixels) * spec.channels;
  return {.buffer = input.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = pace.name(),
          .type = input.type(),
          .elements = rows * row,
          .first = before * row};
}

fasternet::ReadAhead fasternet::planesAhead(const ImageParam &image, const KernelSpec &spec,
                                            const Func &wrapper, const Var &over, const ImageParam &pace,
                                            int64_t rows, const RVar &plane) {
  return {.buffer = image.name(),
          .function = wrapper.name(),
          .loop = over.name(),
          .pace = pace.name(),
          .type = image.type(),
          .elements = rows * spec.width,
          .planeLoop = plane.name(),
          .planes = spec.channels,
          .planeElements = spec.width * spec.height};
}
