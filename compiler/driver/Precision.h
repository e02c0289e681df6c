// What --precision decides besides the element type of kernels.
#pragma once

#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace fasternet {

/// An error unless every target has the arithmetic for `precision`: a library holds one copy of its weights,
/// so that all its variants have one precision.
llvm::Error checkPrecision(ElementType precision, llvm::ArrayRef<const Target *> targets);

/// Largest allowed max|out - ref| / max|ref| of a model's outputs against double precision.
double errorBound(ElementType precision);

} // namespace fasternet
