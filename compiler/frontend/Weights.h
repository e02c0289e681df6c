// The weights of a model under the published key names, whatever file they came from.
#pragma once

#include "frontend/ModelDescription.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

#include <map>
#include <memory>

namespace fasternet {

/// A dense row-major float32 tensor. `owner` keeps alive what `data` points into: the mapped file where the
/// file has the values in this form, otherwise a converted copy.
struct WeightTensor {
  std::vector<int64_t> shape;
  llvm::ArrayRef<float> data;
  std::shared_ptr<const void> owner;
};

/// Key by published name, such as stages.0.blocks.0.mlp.0.weight.
using Weights = std::map<std::string, WeightTensor>;

/// One tensor that a model needs, in the published order of layers.
struct ExpectedTensor {
  std::string name;
  std::vector<int64_t> shape;
};

/// All tensors of a model (without num_batches_tracked), in the order of execution. Feature norms (norm0 ...)
/// are included with fork_feat.
std::vector<ExpectedTensor> expectedTensors(const ModelDescription &model);

/// `source` is a path (.safetensors, .pth, .pt, .ckpt) or "seeded:N". Wrappers, prefixes and timm's key names
/// are resolved; one table of all missing, extra and misshaped tensors goes into `diagnostics`; without
/// feature norms identity statistics are used, with a warning. Non-finite values are errors that name the
/// tensor.
std::optional<Weights> loadWeights(const ModelDescription &model, llvm::StringRef source,
                                   Diagnostics &diagnostics);

/// Every tensor of a .safetensors file, of whatever element type and name: inputs and expected outputs of a
/// model.
llvm::Expected<Weights> loadTensors(llvm::StringRef path);

/// The seeded values of the tensor with this key: base = FNV-1a-64(name) xor seed; element i takes the top 24
/// bits of splitmix64's output for base + (i + 1) * 0x9E3779B97F4A7C15 as u in [0, 1). Norm weights,
/// variances and layer scales are 0.5 + u, means and biases (2u - 1) * 0.1, others (2u - 1) * sqrt(3 /
/// fan_in).
std::vector<float> seededTensor(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, uint64_t seed);

/// The seeded input of a model: tensor `input`, [batch, in_chans, H, W], values (2u - 1) * 2.
std::vector<float> seededInput(const ModelDescription &model, uint64_t seed);

} // namespace fasternet
