// Brings the keys of a checkpoint to the published names: unwraps, strips prefixes, translates timm's names.
#pragma once

#include "frontend/TensorFile.h"

namespace fasternet {

struct NamedTensors {
  /// By published name; the second is the key in the file, for messages.
  std::map<std::string, std::pair<StoredTensor, std::string>> tensors;
  /// Keys, unwrapped, beside the prefix: parts of a larger network, such as the neck of a detector.
  std::vector<std::string> foreign;
};

/// Of wrapper dictionaries the first of state_dict_ema, state_dict and model is used and what stands beside
/// it passed over. Then the prefixes model., module. and backbone. are stripped as often as they occur.
/// Counters (num_batches_tracked) are dropped.
llvm::Expected<NamedTensors> publishedNames(const TensorFile &file, llvm::StringRef path);

} // namespace fasternet
