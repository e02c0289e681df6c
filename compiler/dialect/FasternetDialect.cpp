// Registers the dialect's operations and attributes.
#include "dialect/FasternetDialect.h"
#include "dialect/FasternetOps.h"

using namespace fasternet::ir;

#include "dialect/FasternetDialect.cpp.inc"

void FasternetDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialect/FasternetOps.cpp.inc"
      >();
}
