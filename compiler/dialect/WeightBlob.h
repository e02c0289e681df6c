// Weight values as attributes: made over the mapped file or an owned vector, read back, and freed once
// replaced.
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <vector>

namespace fasternet::ir {

/// A `dense_resource` that refers to `data` without copying; `owner` is held until the blob is released or
/// the context ends. `name` is its key when printed, made unique.
mlir::DenseResourceElementsAttr makeWeight(mlir::RankedTensorType type, llvm::StringRef name,
                                           llvm::ArrayRef<float> data, std::shared_ptr<const void> owner);
/// The same over a vector that the blob owns.
mlir::DenseResourceElementsAttr makeWeight(mlir::RankedTensorType type, llvm::StringRef name,
                                           std::vector<float> data);

/// The values of a weight in row-major order. Views the attribute's memory where it can; a splat is expanded.
class WeightValues {
public:
  /// `value` must be readable, which the verifier of `fasternet.weight` has checked.
  explicit WeightValues(mlir::ElementsAttr value);
  WeightValues(const WeightValues &) = delete;
  WeightValues &operator=(const WeightValues &) = delete;

  llvm::ArrayRef<float> get() const { return values; }
  float operator[](size_t index) const { return values[index]; }
  size_t size() const { return values.size(); }

private:
  std::vector<float> expanded;
  llvm::ArrayRef<float> values;
};

/// True for `dense` constants of f32 and for `dense_resource`s that hold one float per element.
bool isReadableWeight(mlir::ElementsAttr value);

/// Frees the memory of a `dense_resource`; the attribute must not be read any more. Other attributes live
/// with the context and are left alone.
void releaseWeight(mlir::ElementsAttr value);

/// Frees the blobs that a pass has left without a `fasternet.weight`: attributes are never destroyed before
/// the context, so their memory has to be released by hand (the weights of FasterNet-L are 374 MB).
class WeightSweep {
public:
  /// Remembers the blobs in use now.
  explicit WeightSweep(mlir::ModuleOp module);
  /// Releases those that no weight of the module uses any more.
  void releaseUnused();

private:
  mlir::ModuleOp module;
  llvm::SmallVector<mlir::ElementsAttr> before;
};

} // namespace fasternet::ir
