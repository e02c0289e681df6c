// Bytes that a schedule moves from beyond L1, from its loops: what is read again and again, and whether what lies
// between two reads of it fits the caches.
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

double weightBytes(int64_t outputs, int64_t inputs) {
  return 4.0 * double(llvm::alignTo(outputs, PackedLayout{}.panel)) * double(inputs);
}

/// A product over a strip of `pixels`: for each tile of output channels all groups of pixels pass over the
/// tile's weights, then the next tile of channels passes over all pixels again.
void countProduct(TrafficCount &count, double strips, double pixels, int64_t inputs, int64_t outputs,
                  int64_t vector, const RegisterTile &tile) {
  const double tileWeights = 4.0 * double(vector * tile.vectors * inputs);
  const double groups = std::ceil(pixels / double(tile.pixels * tile.rows));
  const double tiles = std::ceil(double(outputs) / double(vector * tile.vectors));
  const double stripBytes = 4 * pixels * double(inputs);
  const double groupBytes = 4.0 * double(tile.pixels * tile.rows) * double(inputs);
  count.read(tileWeights * tiles, strips * (groups - 1), tileWeights + groupBytes);
  count.read(stripBytes, strips * (tiles - 1), stripBytes + tileWeights);
  // The first pass of a strip over the weights comes after all the others of the strip before.
  count.read(weightBytes(outputs, inputs), strips, weightBytes(outputs, inputs) + stripBytes);
}

} // namespace

Traffic fasternet::trafficCpuBlock(const KernelSpec &spec, const Target &target, const BlockParameters &p) {
  TrafficCount count(target);
  const double strips =
      double(spec.batch) * std::ceil(double(spec.height) / double(p.rows)) * std::ceil(double(spec.width) / double(p.pixels));
  const double pixels = double(p.rows * p.pixels);
  const double pairs = p.winograd ? 0.5 : 1, taps = p.winograd ? 12 : 9;
  // The convolution as one product over its taps.
  countProduct(count, strips, pixels * pairs, spec.partial * int64_t(taps), spec.partial, p.vector, p.partial);
  countProduct(count, strips, pixels, spec.channels, spec.hidden, p.vector, p.first);
  countProduct(count, strips, pixels, spec.hidden, spec.channels, p.vector, p.second);
  return count.traffic;
}

Traffic fasternet::trafficCpuPatchConv(const KernelSpec &spec, const Target &target,
                                       const PatchConvParameters &p) {
  TrafficCount count(target);
  const double strips = double(spec.batch) * std::ceil(double(spec.outputHeight()) / double(p.strip));
  countProduct(count, strips, double(p.strip * spec.outputWidth()), spec.channels * spec.kernel * spec.kernel,
               spec.outputs, p.vector, p.tile);
  return count.traffic;
}

/// Each weight is read once; how many streams of them at a time is nothing that bytes tell.
Traffic fasternet::trafficCpuHead(const KernelSpec &spec, const Target &, const HeadParameters &) {
  return {0, double(spec.bytes())};
}

Traffic fasternet::trafficCpuAffine(const KernelSpec &spec, const Target &, const AffineParameters &) {
  return {0, double(spec.bytes())};
}
