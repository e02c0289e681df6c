#include "driver/Model.h"

using namespace fasternet;

/// The error that ends a command whose problems have been printed already.
static llvm::Error alreadyReported(llvm::StringRef path) {
  return inputError(path + ": not usable, see above");
}

llvm::Expected<ModelDescription> fasternet::loadDescription(llvm::StringRef path, llvm::StringRef name) {
  Diagnostics diagnostics;
  std::optional<ModelDescription> description = loadModelDescription(path, diagnostics);
  diagnostics.print(llvm::errs());
  if (!description)
    return alreadyReported(path);
  if (!name.empty())
    description->name = identifierFor(name);
  return std::move(*description);
}

llvm::Expected<ModelInput> fasternet::loadModel(llvm::StringRef path, llvm::StringRef weights,
                                                llvm::StringRef name) {
  auto description = loadDescription(path, name);
  if (!description)
    return description.takeError();
  Diagnostics diagnostics;
  std::optional<Weights> loaded = loadWeights(*description, weights, diagnostics);
  diagnostics.print(llvm::errs());
  if (!loaded)
    return alreadyReported(weights);
  return ModelInput{std::move(*description), std::move(*loaded)};
}

std::optional<uint64_t> fasternet::seedOf(llvm::StringRef weights) {
  uint64_t seed = 0;
  if (weights.consume_front("seeded:") && !weights.getAsInteger(10, seed))
    return seed;
  return std::nullopt;
}
