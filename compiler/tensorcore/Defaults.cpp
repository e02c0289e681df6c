// Default tiles: the largest that leave every multiprocessor a block.
#include "tensorcore/Parameters.h"

using namespace fasternet;
using namespace fasternet::tensorcore;

/// Largest first: pixels x outputs. A warp of four computes 32 x 32 of a tile of 64 x 64, eight mma for four loads of
/// its operands; narrower ones load more per product.
static constexpr ProductTile candidates[] = {{128, 64}, {64, 64}, {64, 32}, {32, 32}, {16, 32}};

static ProductTile defaultTile(const Product &product, const Target &target) {
  ProductTile best;
  for (ProductTile tile : candidates) {
    // Four warps share at least 16 x 32 or 64 x 8.
    while (tile.n > 8 && tile.n / 2 >= product.outputs && tile.m * tile.n > 512)
      tile.n /= 2;
    best = tile;
    if (divideUp(product.pixels(), tile.m) * divideUp(product.outputs, tile.n) >= target.cores)
      break;
  }
  best.k = 4 * sliceElements(product.type);
  return best;
}

Parameters tensorcore::defaultParameters(const ProductList &list, const Target &target) {
  Parameters parameters{.stages = 3};
  for (const Product &product : list.products)
    parameters.tiles[product.name] = defaultTile(product, target);
  return parameters;
}
