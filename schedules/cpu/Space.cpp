// The bounded parameter spaces of the CPU strategies, as the steps that a search may take from one point.
#include "schedules/cpu/PartialConvolution.h"
#include "schedules/cpu/Strategies.h"
#include "schedules/cpu/Tasks.h"

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

/// `tile`, or the best one whose number threads share evenly: a step may cost more by the model.
RegisterTile keptOrEven(const Target &target, int64_t vector, int64_t channels, int64_t pixels,
                        const RegisterTile &tile) {
  return sharedEvenly(tilesOf(channels, vector, tile))
             ? tile
             : evenTile(rankTiles(target, vector, channels, pixels), channels, vector, /*most=*/1e30);
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

/// Tasks of a loop over strips.
int64_t strips(int64_t batch, int64_t height, int64_t rows) {
  return batch * int64_t(llvm::divideCeil(height, rows));
}

bool keepsThreadsBusy(const KernelSpec &spec, const BlockParameters &p) {
  return p.share ? sharedEvenly(tilesOf(spec.hidden, p.vector, p.first)) &&
                       sharedEvenly(tilesOf(spec.channels, p.vector, p.second))
                 : sharedEvenly(strips(spec.batch, spec.height, p.rows));
}
bool keepsThreadsBusy(const KernelSpec &spec, const PatchConvParameters &p) {
  return sharedEvenly(p.share ? tilesOf(spec.outputs, p.vector, p.tile)
                              : strips(spec.batch, spec.outputHeight(), p.strip));
}

/// Steps are measured on one thread, and must not win there by taking the others' work away. Where `from` has
/// no even tasks, a step from it may have as few.
template <typename Parameters>
bool mayStep(const KernelSpec &spec, const Parameters &from, const Parameters &next, bool fewerTasks) {
  return keepsThreadsBusy(spec, next) ||
         (!keepsThreadsBusy(spec, from) && next.share == from.share && !fewerTasks);
}

/// The columns and lines that tiles of the convolution are made of.
int64_t convolutionColumns(const KernelSpec &spec, const BlockParameters &p) {
  return p.winograd == 0 ? p.pixels : int64_t(llvm::divideCeil(p.winograd == 1 ? p.pixels : spec.width, 2));
}
int64_t convolutionLines(const BlockParameters &p) {
  return p.winograd == 2 ? 1 : p.rows;
}

} // namespace

std::vector<BlockParameters> fasternet::stepsCpuBlock(const KernelSpec &spec, const Target &target,
                                                      const BlockParameters &from) {
  std::vector<BlockParameters> steps;
  auto step = [&](auto change) {
    BlockParameters next = from;
    change(next);
    if (mayStep(spec, from, next, next.rows > from.rows))
      steps.push_back(next);
  };
  auto bestPartial = [&](BlockParameters &p) {
    p.partial = rankTiles(target, p.vector, spec.partial, convolutionColumns(spec, p)).front().tile;
  };
  auto tiles = [&](RegisterTile BlockParameters::*member, int64_t channels, int64_t pixels, int64_t rows) {
    eachTile(target, from.vector, channels, pixels, rows,
             [&](const RegisterTile &tile) { step([&](BlockParameters &p) { p.*member = tile; }); });
  };
  for (int64_t vector : vectorWidths(target))
    step([&](BlockParameters &p) {
      p.vector = vector;
      bestPartial(p);
      p.first = rankTiles(target, vector, spec.hidden, p.pixels).front().tile;
      p.second = rankTiles(target, vector, spec.channels, p.pixels).front().tile;
    });
  for (int64_t rows : stripRows(spec.height))
    step([&](BlockParameters &p) { p.rows = rows, p.share = 0; });
  step([&](BlockParameters &p) {
    p.rows = spec.height, p.pixels = spec.width, p.share = 1;
    p.first = keptOrEven(target, p.vector, spec.hidden, p.pixels, p.first);
    p.second = keptOrEven(target, p.vector, spec.channels, p.pixels, p.second);
  });
  step([&](BlockParameters &p) { p.ahead = !from.ahead; });
  tiles(&BlockParameters::second, spec.channels, from.pixels, from.rows);
  tiles(&BlockParameters::first, spec.hidden, from.pixels, from.rows);
  for (int64_t unroll : unrolls)
    step([&](BlockParameters &p) { p.unroll = unroll; });
  for (int64_t fetch : fetches(target))
    step([&](BlockParameters &p) { p.fetch = fetch; });
  for (int64_t pad : {0, 16, 32})
    step([&](BlockParameters &p) { p.pad = pad; });
  // Not the forms that cost more than they save: a prediction, which knows no caches, would choose them.
  for (int64_t form = worthwhileWinograd(spec); form >= 0; --form)
    step([&](BlockParameters &p) {
      p.winograd = form;
      if (form == 1) // whole rows
        p.pixels = spec.width;
      bestPartial(p);
    });
  tiles(&BlockParameters::partial, spec.partial, convolutionColumns(spec, from), convolutionLines(from));
  for (int64_t pixels : stripPixels(spec.width))
    step([&](BlockParameters &p) {
      p.pixels = pixels, p.share = 0;
      if (p.winograd == 1 && pixels != spec.width)
        p.winograd = 0;
      if (convolutionColumns(spec, p) != convolutionColumns(spec, from))
        bestPartial(p);
    });
  return steps;
}

std::vector<PatchConvParameters> fasternet::stepsCpuPatchConv(const KernelSpec &spec, const Target &target,
                                                              const PatchConvParameters &from) {
  std::vector<PatchConvParameters> steps;
  auto step = [&](auto change) {
    PatchConvParameters next = from;
    change(next);
    if (mayStep(spec, from, next, next.strip > from.strip))
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
  step([&](PatchConvParameters &p) {
    p.strip = spec.outputHeight(), p.share = 1;
    p.tile = keptOrEven(target, p.vector, spec.outputs, spec.outputWidth(), p.tile);
  });
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
