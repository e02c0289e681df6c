// What an object file holds, through LLVM: undefined names and instructions.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <set>
#include <string>

namespace fasternet {

struct ObjectListing {
  std::set<std::string> undefined;
  std::set<std::string> mnemonics; ///< of all code sections
};
llvm::Expected<ObjectListing> listObject(llvm::StringRef object);

} // namespace fasternet
