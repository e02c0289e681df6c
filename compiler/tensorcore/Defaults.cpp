// Default tiles, from sizes alone: no tensor core was at hand to measure on. Separate launches take the
// largest tiles that leave every multiprocessor a block; a block of few channels is one launch.
#include "tensorcore/Parameters.h"

using namespace fasternet;
using namespace fasternet::tensorcore;

/// Largest first: pixels x outputs. A warp of four computes 32 x 32 of a tile of 64 x 64, eight mma for four
/// loads of its operands; narrower ones load more per product.
static constexpr ProductTile candidates[] = {{128, 64}, {64, 64}, {64, 32}, {32, 32}, {16, 32}};
/// What four warps can share: 16 x 8 each.
static constexpr int64_t leastTile = 4 * 16 * 8;
/// Each step costs a wait and a barrier however little it multiplies, so steps are as long as this allows, up
/// to 16 slices: two blocks fit the 100 KB of the smallest multiprocessors.
static constexpr int64_t stepBudget = 40 * 1024;
/// Steps that a fused block takes one after another, at a few hundred nanoseconds each: beyond, two more
/// launches cost less.
static constexpr int64_t longestSweep = 24;

/// `longest`, or a half or a quarter of it, but at least 4: no more than the reduction has, and within the
/// budget.
static int64_t stepSlices(const Product &product, ProductTile tile, int64_t stages, int64_t longest) {
  for (int64_t slices = longest; slices > 4; slices /= 2) {
    tile.k = slices * sliceElements(product.type);
    if (slices < 2 * product.slices() && sharedBytes(product, tile, stages) <= stepBudget)
      return slices;
  }
  return 4;
}

static ProductTile separateTile(const Product &product, const Target &target, int64_t stages) {
  // Through registers a thread holds its part of a step besides the accumulators: short steps, and no tile of
  // 128 pixels, which takes 255 registers on cuda-sm75.
  const bool async = copiesAsync(product, target);
  ProductTile best;
  for (ProductTile tile : candidates) {
    if (tile.m > 64 && !async)
      continue;
    while (tile.n > panelOutputs && tile.n / 2 >= product.columns)
      tile.n /= 2;
    if (tile.m * tile.n < leastTile)
      break;
    best = tile;
    if (divideUp(product.pixels(), tile.m) * divideUp(product.columns, tile.n) >= target.cores)
      break;
  }
  best.k = stepSlices(product, best, stages, async ? 16 : 4) * sliceElements(product.type);
  return best;
}

static Parameters separateParameters(const ProductList &list, const Target &target) {
  Parameters parameters{.launches = list.products.size() > 1 ? 3 : 0, .stages = 3};
  for (const Product &product : list.products)
    parameters.tiles[product.name] = separateTile(product, target, parameters.stages);
  return parameters;
}

/// Tiles of `pixels` pixels and up to 64 outputs, which four warps can share.
static Parameters fusedTiles(const ProductList &list, int64_t pixels, int64_t slices, int64_t stages) {
  Parameters parameters{.launches = 1, .stages = stages};
  for (const Product &product : list.products) {
    ProductTile tile{pixels, 64, slices * sliceElements(product.type)};
    while (tile.n > 32 && tile.n / 2 >= product.columns)
      tile.n /= 2;
    parameters.tiles[product.name] = tile;
  }
  return parameters;
}

/// The most pixels per block, then the longest steps, that fit shared memory and leave most multiprocessors a
/// block.
static Parameters fusedParameters(const ProductList &list, const Target &target) {
  constexpr std::pair<int64_t, int64_t> slicesAndStages[] = {{4, 2}, {4, 3}, {8, 2}, {8, 3}};
  Parameters best = fusedTiles(list, 16, 4, 2);
  for (int64_t pixels : {16, 32, 64})
    for (auto [slices, stages] : slicesAndStages) {
      const Parameters parameters = fusedTiles(list, pixels, slices, stages);
      const bool fits = fusedSharedBytes(list, parameters) <= staticSharedBytes;
      const bool fills = divideUp(list.products[0].pixels(), pixels) * 4 >= target.cores * 3;
      if (fits && (fills || pixels == 16))
        best = parameters;
    }
  return best;
}

static bool isWorthFusing(const ProductList &list, const Parameters &parameters, const Target &target) {
  int64_t steps = 0;
  for (const Product &product : list.products) {
    const ProductTile &tile = parameters.tiles.at(product.name);
    if (!copiesAsync(product, target))
      return false;
    steps +=
        divideUp(product.slices() * sliceElements(product.type), tile.k) * divideUp(product.columns, tile.n);
  }
  const int64_t blocks = divideUp(list.products[0].pixels(), parameters.tiles.at(list.products[0].name).m);
  return fusedSharedBytes(list, parameters) <= staticSharedBytes && blocks * 3 >= target.cores &&
         steps <= longestSweep;
}

Parameters tensorcore::defaultParameters(const KernelSpec &spec, const Target &target,
                                         std::optional<int64_t> launches) {
  if (spec.kind == KernelKind::Block && launches.value_or(1) == 1) {
    const ProductList fused = fusedProductsOf(spec);
    const Parameters parameters = fusedParameters(fused, target);
    if (launches || isWorthFusing(fused, parameters, target))
      return parameters;
  }
  return separateParameters(productsOf(spec), target);
}
