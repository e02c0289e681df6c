// Default tiles: the largest that leave every multiprocessor a block.
#include "tensorcore/Parameters.h"

using namespace fasternet;
using namespace fasternet::tensorcore;

/// Largest first: pixels x outputs. A warp of four computes 32 x 32 of a tile of 64 x 64, eight mma for four
/// loads of its operands; narrower ones load more per product.
static constexpr ProductTile candidates[] = {{128, 64}, {64, 64}, {64, 32}, {32, 32}, {16, 32}};

/// What four warps can share: 16 x 8 each.
static constexpr int64_t leastTile = 4 * 16 * 8;

static ProductTile defaultTile(const Product &product, const Target &target) {
  ProductTile best;
  for (ProductTile tile : candidates) {
    while (tile.n > panelOutputs && tile.n / 2 >= product.columns)
      tile.n /= 2;
    if (tile.m * tile.n < leastTile)
      break;
    best = tile;
    if (divideUp(product.pixels(), tile.m) * divideUp(product.columns, tile.n) >= target.cores)
      break;
  }
  best.k = 4 * sliceElements(product.type);
  return best;
}

Parameters tensorcore::defaultParameters(const ProductList &list, const Target &target) {
  Parameters parameters{.stages = 3};
  for (const Product &product : list.products)
    parameters.tiles[product.name] = defaultTile(product, target);
  if (list.products.size() > 1)
    parameters.launches = 3;
  return parameters;
}
