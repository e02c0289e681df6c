// How far computed values are from what is right: the measure of every check.
#pragma once

#include "llvm/ADT/ArrayRef.h"

namespace fasternet {

/// max |values - expected| / max |expected|, as runtime/harness/verify.c has it; infinite where a value is
/// not finite. Both have the same length.
double maxRelativeError(llvm::ArrayRef<float> values, llvm::ArrayRef<float> expected);

} // namespace fasternet
