// The fasternet dialect itself; FasternetOps.h brings its operations.
#pragma once

#include "mlir/IR/Dialect.h"

#include "dialect/FasternetDialect.h.inc"
