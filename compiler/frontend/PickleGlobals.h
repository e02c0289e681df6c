// Which names a pickle may refer to, and what becomes of them.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace fasternet {

enum class PickleGlobal {
  Refused,
  Dictionary,  ///< a dict or a subclass: read as a plain one
  Constructor, ///< kept as a call by name, for the reader of checkpoints
  Opaque,      ///< never built: a marker takes its place
};

/// `name` is module.name as in the pickle.
PickleGlobal classifyPickleGlobal(llvm::StringRef name);

} // namespace fasternet
