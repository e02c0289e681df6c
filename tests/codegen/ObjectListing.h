// What an object file holds, through LLVM: undefined names and instructions.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <set>
#include <string>
#include <vector>

namespace fasternet {

struct ObjectListing {
  std::set<std::string> undefined;
  std::set<std::string> mnemonics;       ///< of all code sections
  std::vector<std::string> instructions; ///< the same with operands, in order
};
/// `features`: instructions beyond the triple's baseline that are decoded, such as "+fullfp16".
llvm::Expected<ObjectListing> listObject(llvm::StringRef object, const char *features = "");

} // namespace fasternet
