#include "tensorcore/Parameters.h"
#include "support/Diagnostics.h"
#include "tensorcore/TensorCore.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace fasternet;
using namespace fasternet::tensorcore;

static constexpr int64_t maxWarps = 16, maxStages = 8, maxTile = 256;

bool tensorcore::copiesAsync(const Product &product, const Target &target) {
  return target.computeCapability() >= 80 && product.leftIsAligned();
}

int64_t tensorcore::stagesOf(const Product &product, const Parameters &parameters, const Target &target) {
  return copiesAsync(product, target) ? parameters.stages : 2;
}

std::optional<WarpGrid> tensorcore::warpGrid(const ProductTile &tile, int64_t warps) {
  std::optional<WarpGrid> best;
  for (int64_t rows = 1; rows <= warps; ++rows) {
    if (warps % rows)
      continue;
    const int64_t columns = warps / rows;
    if (tile.m % (rows * 16) || tile.n % (columns * 8))
      continue;
    const WarpGrid grid{rows, columns, tile.m / rows, tile.n / columns};
    // A warp loads m + n rows for m x n products.
    if (!best || grid.m + grid.n < best->m + best->n)
      best = grid;
  }
  return best;
}

int64_t tensorcore::sharedBytes(const Product &product, const ProductTile &tile, int64_t stages) {
  const int64_t slices = tile.k / sliceElements(product.type);
  return stages * sliceBytes * slices * (tile.m + leftPadding(slices) + tile.n);
}

int64_t tensorcore::residentElements(const Product &product, const ProductTile &tile) {
  const int64_t slice = sliceElements(product.type), step = tile.k / slice;
  return divideUp(product.slices(), step) * step * residentPitch(tile.m) * slice;
}

int64_t tensorcore::fusedSharedBytes(const ProductList &list, const Parameters &parameters) {
  int64_t left = 0, right = 0, resident = 0;
  for (const Product &product : list.products) {
    const ProductTile &tile = parameters.tiles.at(product.name);
    const int64_t stage = sharedBytes(product, tile, parameters.stages);
    const int64_t rightBytes = parameters.stages * tile.k * tile.n * elementBytes(product.type);
    right = std::max(right, rightBytes);
    if (product.leftIsResident)
      resident += residentElements(product, tile) * elementBytes(product.type);
    else
      left = std::max(left, stage - rightBytes);
  }
  return left + right + resident;
}

std::string tensorcore::parametersText(const ProductList &list, const Parameters &parameters) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (parameters.launches)
    os << "launches=" << parameters.launches << ',';
  for (const Product &product : list.products) {
    const ProductTile &tile = parameters.tiles.at(product.name);
    os << product.name << '=' << tile.m << 'x' << tile.n << 'x' << tile.k << ',';
  }
  os << "warps=" << parameters.warps << ",stages=" << parameters.stages;
  return text;
}

static bool readNumber(llvm::StringRef text, int64_t &value) {
  return !text.getAsInteger(10, value) && value > 0;
}

static bool readTile(llvm::StringRef text, ProductTile &tile) {
  llvm::SmallVector<llvm::StringRef> sides;
  text.split(sides, 'x');
  return sides.size() == 3 && readNumber(sides[0], tile.m) && readNumber(sides[1], tile.n) &&
         readNumber(sides[2], tile.k);
}

llvm::Error tensorcore::readParameters(llvm::StringRef text, Parameters &parameters) {
  llvm::SmallVector<llvm::StringRef> assignments;
  text.split(assignments, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef assignment : assignments) {
    auto [name, value] = assignment.split('=');
    const auto tile = parameters.tiles.find(name.str());
    bool read = false;
    if (tile != parameters.tiles.end())
      read = readTile(value, tile->second);
    else if (name == "launches" && parameters.launches)
      read = readNumber(value, parameters.launches);
    else if (name == "warps")
      read = readNumber(value, parameters.warps);
    else if (name == "stages")
      read = readNumber(value, parameters.stages);
    if (!read) {
      std::string names = parameters.launches ? "launches=1, " : "";
      for (const auto &[known, unused] : parameters.tiles)
        names += known + "=64x64x32, ";
      return inputError("schedule: cannot read '" + assignment +
                        "', expected a positive number or m x n x k, such as " + names + "warps=4, stages=2");
    }
  }
  return llvm::Error::success();
}

static llvm::Error checkTile(const Product &product, const ProductTile &tile, const Parameters &parameters,
                             const Target &target) {
  auto fail = [&](const llvm::Twine &why) { return inputError("schedule: " + product.name + ": " + why); };
  const int64_t step = 2 * sliceElements(product.type), slices = tile.k / sliceElements(product.type);
  if (tile.k % step || slices > 16 || (slices & (slices - 1)))
    return fail("steps of k=" + llvm::Twine(tile.k) + " elements, expected a power of two from " +
                llvm::Twine(step) + " to " + llvm::Twine(8 * step));
  if (tile.m > maxTile || tile.n > maxTile || !warpGrid(tile, parameters.warps))
    return fail(llvm::Twine(parameters.warps) + " warps cannot share a tile of " + llvm::Twine(tile.m) +
                " x " + llvm::Twine(tile.n) + " in tiles of 16 x 8, or it is larger than " +
                llvm::Twine(maxTile));
  const int64_t bytes = sharedBytes(product, tile, stagesOf(product, parameters, target));
  if (bytes > staticSharedBytes)
    return fail(llvm::Twine(bytes) + " bytes of shared memory, allowed are " +
                llvm::Twine(staticSharedBytes));
  // Accumulators of one lane; with the operands' registers more would be spilled.
  const WarpGrid grid = *warpGrid(tile, parameters.warps);
  if (grid.m * grid.n > 128 * 32)
    return fail("a warp's tile of " + llvm::Twine(grid.m) + " x " + llvm::Twine(grid.n) +
                " takes more than 128 accumulators per lane");
  return llvm::Error::success();
}

static llvm::Error checkFused(const ProductList &list, const Parameters &parameters, const Target &target) {
  for (const Product &product : list.products) {
    if (!copiesAsync(product, target))
      return inputError(
          "schedule: launches=1 needs asynchronous copies: cuda-sm80 or newer, and channels in whole "
          "slices of 16 bytes");
    if (parameters.tiles.at(product.name).m != parameters.tiles.at(list.products[0].name).m)
      return inputError("schedule: with launches=1 a block's pixels are the same in all products, found " +
                        parametersText(list, parameters));
  }
  const int64_t bytes = fusedSharedBytes(list, parameters);
  if (bytes > staticSharedBytes)
    return inputError("schedule: launches=1 takes " + llvm::Twine(bytes) +
                      " bytes of shared memory, allowed are " + llvm::Twine(staticSharedBytes));
  return llvm::Error::success();
}

llvm::Error tensorcore::checkParameters(const ProductList &list, const Parameters &parameters,
                                        const Target &target) {
  if (parameters.warps > maxWarps)
    return inputError("schedule: " + llvm::Twine(parameters.warps) + " warps, expected at most " +
                      llvm::Twine(maxWarps));
  if (parameters.stages < 2 || parameters.stages > maxStages)
    return inputError("schedule: " + llvm::Twine(parameters.stages) + " stages, expected 2 to " +
                      llvm::Twine(maxStages));
  if (list.products.size() > 1 && parameters.launches != 1 && parameters.launches != 3)
    return inputError("schedule: " + llvm::Twine(parameters.launches) + " launches, expected 1 or 3");
  for (const Product &product : list.products)
    if (llvm::Error error = checkTile(product, parameters.tiles.at(product.name), parameters, target))
      return error;
  return list.fused ? checkFused(list, parameters, target) : llvm::Error::success();
}

llvm::Expected<ChosenProducts> tensorcore::chooseProducts(const KernelSpec &spec, const Target &target,
                                                          llvm::StringRef overrides) {
  if (llvm::Error error = checkTensorCoreKernel(spec, target))
    return error;
  ChosenProducts chosen{productsOf(spec), defaultParameters(spec, target, std::nullopt)};
  const int64_t launches = chosen.parameters.launches;
  if (llvm::Error error = readParameters(overrides, chosen.parameters))
    return error;
  if (chosen.parameters.launches != launches) {
    // Tiles that the overrides leave open are the defaults of the form they ask for.
    chosen.parameters = defaultParameters(spec, target, chosen.parameters.launches);
    if (llvm::Error error = readParameters(overrides, chosen.parameters))
      return error;
  }
  if (chosen.parameters.launches == 1)
    chosen.list = fusedProductsOf(spec);
  if (llvm::Error error = checkParameters(chosen.list, chosen.parameters, target))
    return error;
  return chosen;
}
