#include "frontend/MismatchTable.h"
#include "frontend/StrictJson.h"

#include "llvm/Support/FormatVariadic.h"

using namespace fasternet;

/// More than any published model has: only a foreign file reaches it.
static constexpr size_t maximumRows = 1000;

std::string fasternet::mismatchTable(llvm::ArrayRef<Mismatch> rows) {
  size_t first = 6, second = 8;
  for (const Mismatch &row : rows.take_front(maximumRows)) {
    first = std::max(first, std::min<size_t>(row.tensor.size(), 120));
    second = std::max(second, row.expected.size());
  }
  auto line = [&](llvm::StringRef tensor, llvm::StringRef expected, llvm::StringRef found) {
    std::string text = "\n  " + printable(tensor);
    text.resize(std::max(text.size(), first + 3), ' ');
    std::string cell = expected.str();
    cell.resize(std::max(cell.size(), second), ' ');
    return text + "  " + cell + "  " + found.str();
  };
  std::string table = std::to_string(rows.size()) + (rows.size() == 1 ? " tensor does" : " tensors do") +
                      " not fit the model:" + line("tensor", "expected", "found");
  for (const Mismatch &row : rows.take_front(maximumRows))
    table += line(row.tensor, row.expected, row.found);
  if (rows.size() > maximumRows)
    table += "\n  and " + std::to_string(rows.size() - maximumRows) + " more";
  return table;
}
