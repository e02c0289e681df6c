// Parsing, printing and checks of the dialect's attributes.
#include "dialect/FasternetAttributes.h"
#include "dialect/FasternetDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace fasternet::ir;

#include "dialect/FasternetEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/FasternetAttributes.cpp.inc"

void FasternetDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/FasternetAttributes.cpp.inc"
      >();
}

LogicalResult BorderAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t pixels) {
  if (pixels < 1)
    return emitError() << "(border.pixels) border of " << pixels << " pixels, expected at least 1";
  return success();
}

LogicalResult BorderAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                         llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != 4)
    return emitError() << "(border.rank) border on a tensor of rank " << shape.size() << ", expected 4";
  return success();
}

LogicalResult ArgumentAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, ArgumentRole,
                                   Type element, ArrayRef<int32_t> minima, ArrayRef<int32_t> extents,
                                   ArrayRef<int32_t> strides, int64_t, PackedAttr) {
  if (minima.size() != extents.size() || minima.size() != strides.size())
    return emitError() << "(argument.same-rank) " << minima.size() << " minima, " << extents.size()
                       << " extents and " << strides.size() << " strides";
  if (element && !element.isF16() && !element.isBF16() && !element.isTF32())
    return emitError() << "(argument.element) elements of type " << element << ", expected f16, bf16 or tf32";
  return success();
}

LogicalResult LaunchArgumentAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int32_t buffer,
                                         uint32_t bytes, uint64_t) {
  const bool fits = buffer >= 0 ? bytes == 8 : bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  if (!fits)
    return emitError() << "(launch_argument.scalar) " << (buffer >= 0 ? "a buffer" : "a scalar") << " of "
                       << bytes << " bytes";
  return success();
}

LogicalResult LaunchAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, StringRef function,
                                 ArrayRef<uint32_t> grid, ArrayRef<uint32_t> threads, uint32_t,
                                 ArrayRef<LaunchArgumentAttr>) {
  for (ArrayRef<uint32_t> extents : {grid, threads})
    if (extents.size() != 3 || llvm::is_contained(extents, 0u))
      return emitError() << "(launch.extents) launch of " << function
                         << ": grid and threads need three extents, "
                         << "each at least 1";
  return success();
}
