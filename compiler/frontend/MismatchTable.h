// The one table that tells how the tensors of a file differ from those that a model has.
#pragma once

#include "support/Diagnostics.h"

namespace fasternet {

struct Mismatch {
  std::string tensor, expected, found;
};

/// "3 tensors do not fit the model:" and a line for each, in aligned columns. Very long lists are cut, with a
/// count.
std::string mismatchTable(llvm::ArrayRef<Mismatch> rows);

} // namespace fasternet
