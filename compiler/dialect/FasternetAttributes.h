// Enumerations and attributes of the dialect.
#pragma once

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"

#include "dialect/FasternetEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/FasternetAttributes.h.inc"
