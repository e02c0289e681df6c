#include "schedules/Parameters.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

std::string detail::memberText(int64_t value) {
  return std::to_string(value);
}

std::string detail::memberText(const RegisterTile &tile) {
  return std::to_string(tile.vectors) + "x" + std::to_string(tile.pixels) + "x" + std::to_string(tile.rows);
}

bool detail::readMember(llvm::StringRef text, int64_t &value) {
  return !text.getAsInteger(10, value) && value >= 0;
}

bool detail::readMember(llvm::StringRef text, RegisterTile &tile) {
  llvm::SmallVector<llvm::StringRef> sides;
  text.split(sides, 'x');
  return sides.size() == 3 && readMember(sides[0], tile.vectors) && readMember(sides[1], tile.pixels) &&
         readMember(sides[2], tile.rows);
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
          "', expected a known name and a number or vectors x pixels x rows, such as tile=3x7x1");
  }
  return llvm::Error::success();
}
