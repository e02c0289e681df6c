// The records files of schedules/, carried inside the compiler.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace fasternet {

struct ShippedRecords {
  llvm::StringRef name; ///< x86/zen4.tuned.json
  llvm::StringRef text;
};
llvm::ArrayRef<ShippedRecords> shippedRecords();

} // namespace fasternet
