#include "driver/Init.h"
#include "driver/Model.h"
#include "frontend/Safetensors.h"

using namespace fasternet;

llvm::Error fasternet::initWeights(const InitOptions &options) {
  auto description = loadDescription(options.model, options.name);
  if (!description)
    return description.takeError();
  std::vector<std::vector<float>> values;
  std::vector<NamedTensor> tensors;
  for (const ExpectedTensor &expected : expectedTensors(*description)) {
    values.push_back(seededTensor(expected.name, expected.shape, options.seed));
    // A vector's buffer stays where it is when `values` grows: only the vector objects move.
    tensors.push_back({expected.name, expected.shape, values.back()});
  }
  return writeSafetensors(options.output, tensors);
}
