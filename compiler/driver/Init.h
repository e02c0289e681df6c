// `fasternetc init`: seeded weights as a file.
#pragma once

#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace fasternet {

struct InitOptions {
  std::string model, name;
  uint64_t seed = 0;
  std::string output; ///< .safetensors
};

/// Writes every tensor of the model under its published key; the same seed gives the same bytes.
llvm::Error initWeights(const InitOptions &options);

} // namespace fasternet
