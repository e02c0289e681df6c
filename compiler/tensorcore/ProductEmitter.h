// What the parts of one product's kernel share while it is built: its plan, the threads' numbers, the
// buffers.
#pragma once

#include "tensorcore/Int.h"
#include "tensorcore/Parameters.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"

#include <map>

namespace fasternet::tensorcore {

/// Everything about one kernel that is fixed before it is built.
struct ProductPlan {
  Product product;
  ProductTile tile;
  WarpGrid grid;
  int64_t stages = 2;
  bool async = false;      ///< copies go past the registers
  bool shortSteps = false; ///< cuda-sm75: one mma multiplies one slice, not two
  int64_t sweep = 1;       ///< tiles of outputs that a block computes, one after the other

  int64_t threads() const { return grid.rows * grid.columns * 32; }
  int64_t slice() const { return sliceElements(product.type); }
  /// Of one step of the reduction.
  int64_t stepSlices() const { return tile.k / slice(); }
  int64_t steps() const { return divideUp(product.slices(), stepSlices()); }
  /// Pixels of a slice in shared memory, with those that keep banks apart.
  int64_t leftPitch() const { return tile.m + leftPadding(stepSlices()); }
  /// Elements of shared memory per stage.
  int64_t leftStage() const { return stepSlices() * leftPitch() * slice(); }
  int64_t rightStage() const { return stepSlices() * tile.n * slice(); }
  /// Blocks: pixels by outputs.
  int64_t pixelBlocks() const { return divideUp(product.pixels(), tile.m); }
  int64_t outputTiles() const { return divideUp(product.columns, tile.n); }
  /// Accumulators of a warp: tiles of 16 x 8.
  int64_t rowTiles() const { return grid.m / 16; }
  int64_t columnTiles() const { return grid.n / 8; }
};

/// Shared memory, per stage:
///   left:  [slice of the step][pixel, with padding][element of the slice]
///   right: [panel][slice of the step][output of the panel][element of the slice]
/// Eight consecutive slices of either are the 128 bytes of one matrix that ldmatrix reads, without bank
/// conflicts.
struct ProductEmitter {
  mlir::ImplicitLocOpBuilder &builder;
  const ProductPlan &plan;
  std::map<int64_t, mlir::Value> buffers; ///< memrefs of one dimension
  mlir::Value left, right;                ///< shared memory
  Int thread, lane, warpRow, warpColumn;
  Int firstPixel, firstOutput; ///< of the block's first tile

  mlir::FloatType elementType() const;
  Int constant(int64_t value) { return {builder, value}; }
  /// Where `pixel` (over batch, rows and columns of the output) lies in `values`, in elements.
  Int placeOf(Int pixel, const PixelBuffer &values);
};

/// The whole product of a block: a pipeline of copies and multiplications, then the result.
void emitProduct(ProductEmitter &emitter);

/// From global to shared memory: each thread's part of one step of the reduction.
class StepCopy {
public:
  /// Emits what does not change from step to step.
  explicit StepCopy(ProductEmitter &emitter);

  /// Starts to read step `step`, which counts on over the tiles of a sweep. Asynchronous copies go to
  /// `stage`; otherwise the values are returned, and `store` writes them. A resident left operand is there
  /// already.
  llvm::SmallVector<mlir::Value> fetch(Int step, Int stage);
  void store(mlir::ValueRange values, Int stage);

private:
  ProductEmitter &emitter;
  struct Part {
    Int slice;       ///< of the step
    Int sharedPlace; ///< in its stage
    llvm::SmallVector<Int>
        places;         ///< left: of the pixel, by segment; right: panel of the tile, output of the panel
    mlir::Value inside; ///< null, or whether the tile holds this part at all
  };
  llvm::SmallVector<Part> leftParts, rightParts;

  mlir::Value fetchLeft(const Part &part, Int step, Int stage);
  mlir::Value fetchRight(const Part &part, Int panel, Int step, Int stage);
  mlir::Value fetchSegment(const Part &part, size_t segment, Int slice, mlir::Value exists, Int target);
  mlir::Value move(mlir::Value source, Int place, mlir::Value exists, mlir::Value shared, Int target);
  mlir::Value gather(mlir::Value source, Int place, Int firstChannel, int64_t channels);
  mlir::Value zeroSlice();
};

/// accumulators += left * right of step `step` of a tile, which lies in `stage`. Accumulators are
/// vector<2x2xf32>, row tiles outside.
llvm::SmallVector<mlir::Value> multiplyStep(ProductEmitter &emitter, Int step, Int stage,
                                            mlir::ValueRange accumulators);

/// Bias, activation and residual; writes the pixels and columns that exist of the tile from `firstOutput` on.
/// A resident result gets all pixels of the tile, so that what is multiplied next is never undefined.
void storeResult(ProductEmitter &emitter, Int firstOutput, mlir::ValueRange accumulators);

} // namespace fasternet::tensorcore
