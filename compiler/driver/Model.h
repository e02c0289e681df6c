// The two inputs of every command: the description of the model and its weights.
#pragma once

#include "frontend/ModelDescription.h"
#include "frontend/Weights.h"

namespace fasternet {

struct ModelInput {
  ModelDescription description;
  Weights weights;
};

/// Loads a description; all its problems and warnings are printed to stderr. `name`, if not empty, replaces
/// the model's name (made a C identifier).
llvm::Expected<ModelDescription> loadDescription(llvm::StringRef path, llvm::StringRef name = "");

/// Loads both. `weights` is a path or "seeded:N".
llvm::Expected<ModelInput> loadModel(llvm::StringRef path, llvm::StringRef weights,
                                     llvm::StringRef name = "");

/// The N of "seeded:N", or nothing.
std::optional<uint64_t> seedOf(llvm::StringRef weights);

} // namespace fasternet
