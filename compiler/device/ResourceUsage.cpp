#include "device/ResourceUsage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

namespace {

/// The function of that name, added at the end where it is new.
ResourceUsage &usageOf(std::vector<ResourceUsage> &all, llvm::StringRef function) {
  auto found = llvm::find_if(all, [&](const ResourceUsage &usage) { return usage.function == function; });
  if (found != all.end())
    return *found;
  all.push_back({.function = function.str()});
  return all.back();
}

/// One phrase of a line's list, such as "Used 40 registers" or "84 bytes spill loads".
void readPhrase(llvm::StringRef phrase, ResourceUsage &usage) {
  phrase = phrase.trim();
  if (!phrase.consume_front("Used "))
    phrase.consume_front("used ");
  int64_t count = 0;
  if (phrase.consumeInteger(10, count))
    return;
  const std::pair<llvm::StringRef, int64_t *> known[] = {{" registers", &usage.registers},
                                                         {" barriers", &usage.barriers},
                                                         {" bytes smem", &usage.sharedBytes},
                                                         {" bytes stack frame", &usage.stackBytes},
                                                         {" bytes spill stores", &usage.spillStoreBytes},
                                                         {" bytes spill loads", &usage.spillLoadBytes}};
  for (const auto &[unit, value] : known)
    if (phrase == unit)
      *value = count;
}

} // namespace

std::vector<ResourceUsage> fasternet::readResourceUsage(llvm::StringRef text) {
  std::vector<ResourceUsage> all;
  llvm::SmallVector<llvm::StringRef> lines, phrases;
  text.split(lines, '\n', -1, /*KeepEmpty=*/false);
  // "Used ..." speaks of the entry, wherever the properties of what it calls are printed.
  llvm::StringRef entry, function;
  for (llvm::StringRef line : lines) {
    if (const size_t colon = line.find(" : ");
        line.starts_with("ptxas info") && colon != llvm::StringRef::npos)
      line = line.drop_front(colon + 3);
    line = line.trim();
    llvm::StringRef named = line;
    if (named.consume_front("Compiling entry function '")) {
      entry = named.split('\'').first;
      usageOf(all, entry).entry = true;
      continue;
    }
    if (line.consume_front("Function properties for ")) {
      function = line;
      continue;
    }
    const llvm::StringRef owner = line.starts_with("Used ") ? entry : function;
    if (owner.empty())
      continue;
    phrases.clear();
    line.split(phrases, ',');
    ResourceUsage &usage = usageOf(all, owner);
    for (llvm::StringRef phrase : phrases)
      readPhrase(phrase, usage);
  }
  return all;
}
