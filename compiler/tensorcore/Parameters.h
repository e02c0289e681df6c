// How the products of a kernel are cut into blocks of threads, and the text form of that.
#pragma once

#include "targets/Targets.h"
#include "tensorcore/Product.h"

#include "llvm/Support/Error.h"

#include <map>
#include <optional>

namespace fasternet::tensorcore {

/// What one block of threads computes, and the step of the reduction, in elements. Text: 64x64x32.
struct ProductTile {
  int64_t m = 0, n = 0, k = 0;
};

struct Parameters {
  int64_t launches = 0; ///< of a block: 3, one per product, or 1, all of them fused; 0 for other kernels
  std::map<std::string, ProductTile> tiles; ///< by the products' names
  int64_t warps = 4;                        ///< of a block
  int64_t stages = 0;                       ///< steps of the reduction that lie in shared memory at once
};

/// How the warps of a block share its tile: each computes m x n of it.
struct WarpGrid {
  int64_t rows = 0, columns = 0; ///< warps
  int64_t m = 0, n = 0;          ///< of one warp
};

/// Whether values go to shared memory by asynchronous copies, past the registers.
bool copiesAsync(const Product &product, const Target &target);
/// Steps in shared memory at once: 2 where values go through registers, one of which is read and one written.
int64_t stagesOf(const Product &product, const Parameters &parameters, const Target &target);
/// The grid with the fewest loads per product, or none where warps cannot share the tile in whole mma tiles
/// of 16 x 8.
std::optional<WarpGrid> warpGrid(const ProductTile &tile, int64_t warps);
/// Slices between two steps of the left operand in shared memory beyond its pixels, so that the eight slices
/// that a quarter of a warp writes at once, 8 / slices pixels of a step, lie in different banks.
inline int64_t leftPadding(int64_t slices) {
  return slices < 8 ? 8 / slices : 1;
}
/// Pixels of a slice in a resident buffer: one more than the tile's keeps neighbouring slices in different
/// banks.
inline int64_t residentPitch(int64_t tilePixels) {
  return tilePixels + 1;
}
/// Elements of the resident buffer from which `product` reads its left operand, in whole steps.
int64_t residentElements(const Product &product, const ProductTile &tile);
/// Bytes of shared memory that a block of the product's own launch uses, and a block of a fused kernel.
int64_t sharedBytes(const Product &product, const ProductTile &tile, int64_t stages);
int64_t fusedSharedBytes(const ProductList &list, const Parameters &parameters);

/// What a block of threads may use without asking the driver for more.
inline constexpr int64_t staticSharedBytes = 48 * 1024;

/// `launches`: as in Parameters, where it is chosen already.
Parameters defaultParameters(const KernelSpec &spec, const Target &target, std::optional<int64_t> launches);
/// `product=64x64x32,warps=4,stages=3`; a block has launches, partial, first and second in product's place.
std::string parametersText(const ProductList &list, const Parameters &parameters);
/// Replaces the members that `text` names.
llvm::Error readParameters(llvm::StringRef text, Parameters &parameters);
/// Refuses what a kernel cannot run with.
llvm::Error checkParameters(const ProductList &list, const Parameters &parameters, const Target &target);

/// The launches of a kernel and how they are cut, defaults with `overrides` put in. An error names what
/// cannot be compiled, or what the kernel cannot run with.
struct ChosenProducts {
  ProductList list;
  Parameters parameters;
};
llvm::Expected<ChosenProducts> chooseProducts(const KernelSpec &spec, const Target &target,
                                              llvm::StringRef overrides);

} // namespace fasternet::tensorcore
