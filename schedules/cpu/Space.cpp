// The bounded parameter spaces of the CPU strategies, as the steps that a search may take from one point.
#include "schedules/cpu/Strategies.h"
#include "schedules/cpu/TileModel.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <set>

using namespace fasternet;

namespace {

/// Alternatives of one tile that a search looks at; the model is seldom wrong by more than a few ranks.
constexpr size_t mostTiles = 14;

void eachTile(const Target &target, int64_t vector, int64_t channels, int64_t pixels, int64_t rows,
              llvm::function_ref<void(const RegisterTile &)> visit) {
  const std::vector<RankedTile> tiles = rankTiles(target, vector, channels, pixels);
  for (size_t i = 0; i < std::min(tiles.size(), mostTiles); ++i) {
    RegisterTile tile = tiles[i].tile;
    visit(tile);
    // Two rows of half the pixels: the same accumulators, other cache sets.
    if (rows % 2 == 0 && tile.pixels % 2 == 0)
      visit({tile.vectors, tile.pixels / 2, 2});
  }
}

/// A strip holds whole rows of the image, or an even part of one.
std::set<int64_t> stripRows(int64_t height) {
  std::set<int64_t> rows;
  for (int64_t candidate = 1; candidate <= height; ++candidate)
    if (height % candidate == 0)
      rows.insert(candidate);
  return rows;
}

std::set<int64_t> stripPixels(int64_t width) {
  std::set<int64_t> pixels;
  for (int64_t parts : {1, 2, 4})
    if (width / parts >= 7 || parts == 1)
      pixels.insert((width + parts - 1) / parts);
  return pixels;
}

std::vector<int64_t> vectorWidths(const Target &target) {
  std::vector<int64_t> widths;
  for (int64_t width = target.vectorFloats; width >= std::min<int64_t>(4, target.vectorFloats); width /= 2)
    widths.push_back(width);
  return widths;
}

constexpr int64_t unrolls[] = {1, 2, 4, 8};

/// x86 multiplies by a value in memory as fast as by one in a register.
std::vector<int64_t> fetches(const Target &target) {
  std::vector<int64_t> steps = {1};
  while (target.family == TargetFamily::Arm && steps.back() < target.vectorFloats)
    steps.push_back(2 * steps.back());
  return steps;
}

/// Whether strips of `rows` keep a few threads busy: a task is not divided. Where the default has fewer,
/// steps from it may have as few.
bool enoughTasks(int64_t batch, int64_t height, int64_t rows) {
  constexpr int64_t leastTasks = 4;
  return batch * llvm::divideCeil(height, rows) >= uint64_t(std::min(leastTasks, height));
}

} // namespace

std::vector<BlockParameters> fasternet::stepsCpuBlock(const KernelSpec &spec, const Target &target,
                                                      const BlockParameters &from) {
  std::vector<BlockParameters> steps;
  auto step = [&](auto change) {
    BlockParameters next = from;
    change(next);
    if (next.share == 1 || next.rows <= from.rows || enoughTasks(spec.batch, spec.height, next.rows))
      steps.push_back(next);
  };
  // The convolution's tiles count pairs of pixels where it is in Winograd's form.
  auto columns = [](const BlockParameters &p) { return p.winograd ? (p.pixels + 1) / 2 : p.pixels; };
  auto tiles = [&](RegisterTile BlockParameters::*member, int64_t channels) {
    const int64_t pixels = member == &BlockParameters::partial ? columns(from) : from.pixels;
    eachTile(target, from.vector, channels, pixels, from.rows,
             [&](const RegisterTile &tile) { step([&](BlockParameters &p) { p.*member = tile; }); });
  };
  for (int64_t vector : vectorWidths(target))
    step([&](BlockParameters &p) {
      p.vector = vector;
      p.partial = rankTiles(target, vector, spec.partial, columns(p)).front().tile;
      p.first = rankTiles(target, vector, spec.hidden, p.pixels).front().tile;
      p.second = rankTiles(target, vector, spec.channels, p.pixels).front().tile;
    });
  for (int64_t rows : stripRows(spec.height))
    step([&](BlockParameters &p) { p.rows = rows, p.share = 0; });
  step([&](BlockParameters &p) { p.rows = spec.height, p.pixels = spec.width, p.share = 1; });
  step([&](BlockParameters &p) { p.ahead = !from.ahead; });
  tiles(&BlockParameters::second, spec.channels);
  tiles(&BlockParameters::first, spec.hidden);
  for (int64_t unroll : unrolls)
    step([&](BlockParameters &p) { p.unroll = unroll; });
  for (int64_t fetch : fetches(target))
    step([&](BlockParameters &p) { p.fetch = fetch; });
  for (int64_t pad : {0, 16, 32})
    step([&](BlockParameters &p) { p.pad = pad; });
  step([&](BlockParameters &p) {
    p.pixels = spec.width, p.winograd = !from.winograd;
    p.partial = rankTiles(target, p.vector, spec.partial, columns(p)).front().tile;
  });
  tiles(&BlockParameters::partial, spec.partial);
  for (int64_t pixels : stripPixels(spec.width))
    step([&](BlockParameters &p) {
      p.pixels = pixels, p.share = 0, p.winograd = p.winograd && pixels == spec.width;
      if (p.winograd != from.winograd)
        p.partial = rankTiles(target, p.vector, spec.partial, pixels).front().tile;
    });
  return steps;
}

std::vector<PatchConvParameters> fasternet::stepsCpuPatchConv(const KernelSpec &spec, const Target &target,
                                                              const PatchConvParameters &from) {
  std::vector<PatchConvParameters> steps;
  auto step = [&](auto change) {
    PatchConvParameters next = from;
    change(next);
    if (next.share == 1 || next.strip <= from.strip ||
        enoughTasks(spec.batch, spec.outputHeight(), next.strip))
      steps.push_back(next);
  };
  for (int64_t vector : vectorWidths(target))
    step([&](PatchConvParameters &p) {
      p.vector = vector;
      p.tile = rankTiles(target, vector, spec.outputs, spec.outputWidth()).front().tile;
    });
  step([&](PatchConvParameters &p) { p.ahead = !from.ahead; });
  eachTile(target, from.vector, spec.outputs, spec.outputWidth(), from.strip,
           [&](const RegisterTile &tile) { step([&](PatchConvParameters &p) { p.tile = tile; }); });
  for (int64_t strip : stripRows(spec.outputHeight()))
    step([&](PatchConvParameters &p) { p.strip = strip, p.share = 0; });
  step([&](PatchConvParameters &p) { p.strip = spec.outputHeight(), p.share = 1; });
  for (int64_t unroll : unrolls)
    step([&](PatchConvParameters &p) { p.unroll = unroll; });
  step([&](PatchConvParameters &p) { p.stage = !from.stage; });
  for (int64_t fetch : fetches(target))
    step([&](PatchConvParameters &p) { p.fetch = fetch; });
  return steps;
}

std::vector<HeadParameters> fasternet::stepsCpuHead(const KernelSpec &spec, const Target &target,
                                                    const HeadParameters &from) {
  std::vector<HeadParameters> steps;
  for (int64_t vector : vectorWidths(target))
    steps.push_back({vector, 1, 1});
  for (int64_t vectors = 1; vectors <= target.vectorRegisters / 2; ++vectors) {
    HeadParameters next = from;
    next.first = vectors;
    steps.push_back(next);
    next = from;
    next.second = vectors;
    if (spec.outputs > 0)
      steps.push_back(next);
  }
  return steps;
}

std::vector<AffineParameters> fasternet::stepsCpuAffine(const KernelSpec &, const Target &target,
                                                        const AffineParameters &) {
  std::vector<AffineParameters> steps;
  for (int64_t vector : vectorWidths(target))
    steps.push_back({vector});
  return steps;
}
