// Bytes that a schedule moves from beyond L1, from its loops: what is read again and again, and whether what
// lies between two reads of it fits the caches.
#include "schedules/cpu/Strategies.h"

#include "support/PackedLayout.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace fasternet;

namespace {

/// A level keeps what is read again where that takes no more than this share of it.
constexpr double kept = 0.75;

class TrafficCount {
public:
  explicit TrafficCount(const Target &target) : target(target) {}
  Traffic traffic;

  /// `bytes` read `times`, and between two reads of a byte `between` bytes of anything are touched.
  void read(double bytes, double times, double between) {
    if (between > kept * double(target.l2Bytes))
      traffic.memoryBytes += bytes * times;
    else if (between > kept * double(target.l1Bytes))
      traffic.l2Bytes += bytes * times;
  }

private:
  const Target &target;
};

/// Values of a kernel's precision, `bytes` each.
struct Product {
  int64_t inputs, outputs, vector;
  RegisterTile tile;
  double bytes;
};

/// A product over strips of `pixels`: for each tile of output channels all groups of pixels pass over the
/// tile's weights, then the next tile of channels passes over all pixels again.
void countProduct(TrafficCount &count, double strips, double pixels, const Product &p) {
  const auto channels = double(p.vector * p.tile.vectors), group = double(p.tile.pixels * p.tile.rows);
  const double tiles = std::ceil(double(p.outputs) / channels), groups = std::ceil(pixels / group);
  const double inputBytes = p.bytes * double(p.inputs); // of one pixel, and of one output's weights
  const double weights = inputBytes * double(llvm::alignTo(p.outputs, PackedLayout{}.panel));
  count.read(channels * tiles * inputBytes, strips * (groups - 1), (channels + group) * inputBytes);
  count.read(pixels * inputBytes, strips * (tiles - 1), (pixels + channels) * inputBytes);
  // The first pass of a strip over the weights comes after all the others of the strip before.
  count.read(weights, strips, weights + pixels * inputBytes);
}

/// Pieces of `length` that cover `extent`.
double pieces(int64_t extent, int64_t length) {
  return double(llvm::divideCeil(extent, length));
}

} // namespace

Traffic fasternet::trafficCpuBlock(const KernelSpec &spec, const Target &target, const BlockParameters &p) {
  TrafficCount count(target);
  const auto bytes = double(elementBytes(spec.weights));
  const double strips = double(spec.batch) * pieces(spec.height, p.rows) * pieces(spec.width, p.pixels);
  const auto pixels = double(p.rows * p.pixels);
  // The convolution as one product over its taps: nine for a pixel, twelve for a pair of them, sixteen for a
  // square, of which a line is a strip of its own.
  const Product convolution = {spec.partial * (p.winograd == 0   ? 9
                                               : p.winograd == 1 ? 12
                                                                 : 16),
                               spec.partial, p.vector, p.partial, bytes};
  if (p.winograd == 2)
    countProduct(count, double(spec.batch) * pieces(spec.height, 2), pieces(spec.width, 2), convolution);
  else
    countProduct(count, strips, p.winograd ? pixels / 2 : pixels, convolution);
  countProduct(count, strips, pixels, {spec.channels, spec.hidden, p.vector, p.first, bytes});
  countProduct(count, strips, pixels, {spec.hidden, spec.channels, p.vector, p.second, bytes});
  if (p.share)
    count.traffic.exchangedBytes = bytes * double(spec.batch) * pixels * double(spec.hidden);
  return count.traffic;
}

Traffic fasternet::trafficCpuPatchConv(const KernelSpec &spec, const Target &target,
                                       const PatchConvParameters &p) {
  TrafficCount count(target);
  countProduct(count, double(spec.batch) * pieces(spec.outputHeight(), p.strip),
               double(p.strip * spec.outputWidth()),
               {spec.channels * spec.kernel * spec.kernel, spec.outputs, p.vector, p.tile,
                double(elementBytes(spec.weights))});
  // Tiles that read an image crosswise wait for rows that no prefetcher foresees: measured on Zen 5, a byte a
  // cycle (decision 0005).
  if (spec.inputLayout == TensorLayout::NCHW && !p.stage)
    count.traffic.memoryBytes += 8.0 * double(elementBytes(spec.inputType())) * double(spec.batch) *
                                 double(spec.channels * spec.height * spec.width);
  return count.traffic;
}

/// Each weight is read once; how many streams of them at a time is nothing that bytes tell.
Traffic fasternet::trafficCpuHead(const KernelSpec &spec, const Target &, const HeadParameters &) {
  return {0, double(spec.bytes())};
}

Traffic fasternet::trafficCpuAffine(const KernelSpec &spec, const Target &, const AffineParameters &) {
  return {0, double(spec.bytes())};
}
