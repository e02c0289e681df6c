// Stored tensors, of whatever element type and strides, as dense float32 ones.
#pragma once

#include "frontend/TensorFile.h"
#include "frontend/Weights.h"

namespace fasternet {

/// The tensor as row-major float32. Where the file holds it in that form and aligned, `data` points into the
/// file; otherwise it is a converted copy. Doubles are rounded, integers and booleans converted.
WeightTensor toFloatTensor(const StoredTensor &tensor, std::shared_ptr<const void> owner);

/// "[3, 4]", as messages show shapes.
std::string shapeText(llvm::ArrayRef<int64_t> shape);

} // namespace fasternet
