#include "frontend/KeyNames.h"
#include "frontend/StrictJson.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

/// Keys as they are after the prefixes stripped so far, with the tensor they stand for.
using Keys = std::map<std::string, const std::pair<const std::string, StoredTensor> *>;

static bool hasPrefix(const Keys &keys, llvm::StringRef prefix) {
  auto first = keys.lower_bound(prefix.str());
  return first != keys.end() && llvm::StringRef(first->first).starts_with(prefix);
}

/// Keeps the keys under `prefix`, without it. The others go to `rest` as they are.
static Keys strip(const Keys &keys, llvm::StringRef prefix, std::vector<std::string> &rest) {
  Keys result;
  for (const auto &[key, tensor] : keys) {
    llvm::StringRef name = key;
    if (name.consume_front(prefix))
      result.emplace(name.str(), tensor);
    else
      rest.push_back(key);
  }
  return result;
}

/// timm moves each merging into the stage that follows it and names the head's layers differently.
static std::string fromTimm(llvm::StringRef key) {
  if (key.consume_front("conv_head."))
    return ("avgpool_pre_head.1." + key).str();
  if (key.consume_front("classifier."))
    return ("head." + key).str();
  llvm::StringRef rest = key;
  unsigned stage = 0;
  if (!rest.consume_front("stages.") || rest.consumeInteger(10, stage) || !rest.consume_front(".") ||
      stage > 1000)
    return key.str();
  if (rest.consume_front("downsample.") && stage > 0)
    return ("stages." + llvm::Twine(2 * stage - 1) + "." + rest).str();
  if (rest.starts_with("blocks."))
    return ("stages." + llvm::Twine(2 * stage) + "." + rest).str();
  return key.str();
}

static bool isTimm(const Keys &keys) {
  return llvm::any_of(keys, [](const auto &entry) {
    llvm::StringRef key = entry.first;
    return key.starts_with("conv_head.") || key.starts_with("classifier.") ||
           (key.starts_with("stages.") && key.contains(".downsample."));
  });
}

llvm::Expected<NamedTensors> fasternet::publishedNames(const TensorFile &file, llvm::StringRef path) {
  NamedTensors result;
  Keys keys;
  for (const auto &entry : file.tensors)
    keys.emplace(entry.first, &entry);

  std::vector<std::string> beside;
  for (llvm::StringRef wrapper : {"state_dict_ema.", "state_dict.", "model."})
    if (hasPrefix(keys, wrapper)) {
      // "model" may also be the prefix of a whole network: then what stands beside it is worth a word.
      keys = strip(keys, wrapper, wrapper == "model." ? result.foreign : beside);
      break;
    }
  static constexpr llvm::StringLiteral prefixes[] = {"model.", "module.", "backbone."};
  const llvm::StringLiteral *prefix;
  while ((prefix = llvm::find_if(prefixes, [&](llvm::StringRef p) { return hasPrefix(keys, p); })) !=
         std::end(prefixes))
    keys = strip(keys, *prefix, result.foreign);

  bool timm = isTimm(keys);
  for (const auto &[key, tensor] : keys) {
    if (llvm::StringRef(key).ends_with("num_batches_tracked"))
      continue;
    auto [place, added] =
        result.tensors.try_emplace(timm ? fromTimm(key) : key, tensor->second, tensor->first);
    if (!added)
      return inputError(path + ": tensors " + printable(place->second.second) + " and " +
                        printable(tensor->first) + " both stand for " + printable(place->first));
  }
  llvm::erase_if(result.foreign, [](llvm::StringRef key) { return key.ends_with("num_batches_tracked"); });
  return result;
}
