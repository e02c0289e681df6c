#include "schedules/Parameters.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

std::string detail::memberText(int64_t value) {
  return std::to_string(value);
}

std::string detail::memberText(std::array<int64_t *, 3> sides) {
  return std::to_string(*sides[0]) + "x" + std::to_string(*sides[1]) + "x" + std::to_string(*sides[2]);
}

bool detail::readMember(llvm::StringRef text, int64_t &value) {
  return !text.getAsInteger(10, value) && value >= 0;
}

bool detail::readMember(llvm::StringRef text, std::array<int64_t *, 3> sides) {
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, 'x');
  return words.size() == 3 && readMember(words[0], *sides[0]) && readMember(words[1], *sides[1]) &&
         readMember(words[2], *sides[2]);
}

llvm::Error detail::forEachAssignment(llvm::StringRef text,
                                      llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> set) {
  llvm::SmallVector<llvm::StringRef> assignments;
  text.split(assignments, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef assignment : assignments) {
    auto [name, value] = assignment.split('=');
    if (!set(name, value))
      return inputError(
          "schedule: cannot read '" + assignment +
          "', expected a known name and a number or the sides of a tile, such as tile=3x7x1");
  }
  return llvm::Error::success();
}
