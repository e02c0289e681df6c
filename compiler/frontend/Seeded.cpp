// Reproducible weights without a file: every value is a hash of the tensor's key, the element's index and a
// seed.
#include "frontend/Weights.h"

#include <cmath>

using namespace fasternet;

static uint64_t fnv1a64(llvm::StringRef text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : text)
    hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

/// splitmix64's output function.
static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Fills with scale(u), u uniform in [0, 1) with 24 bits.
template <typename Scale>
static std::vector<float> generate(llvm::StringRef name, size_t count, uint64_t seed, Scale scale) {
  std::vector<float> values(count);
  uint64_t base = fnv1a64(name) ^ seed;
  for (size_t i = 0; i < count; ++i) {
    double u = double(mix(base + (i + 1) * 0x9E3779B97F4A7C15) >> 40) / 16777216.0;
    values[i] = float(scale(u));
  }
  return values;
}

std::vector<float> fasternet::seededTensor(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                                           uint64_t seed) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  // The key's last part decides the range: positive variances and scales, small biases, outputs of order one.
  llvm::StringRef last = name.substr(name.rfind('.') + 1);
  if (last == "num_batches_tracked")
    return std::vector<float>(count, 0.0f);
  if (last == "running_mean" || last == "bias")
    return generate(name, count, seed, [](double u) { return (2 * u - 1) * 0.1; });
  if (last == "running_var" || last == "layer_scale" || shape.size() == 1)
    return generate(name, count, seed, [](double u) { return 0.5 + u; });
  double fanIn = 1;
  for (int64_t extent : shape.drop_front(shape.empty() ? 0 : 1))
    fanIn *= double(extent);
  double bound = std::sqrt(3.0 / fanIn);
  return generate(name, count, seed, [=](double u) { return (2 * u - 1) * bound; });
}

std::vector<float> fasternet::seededInput(const ModelDescription &model, uint64_t seed) {
  size_t count = size_t(model.batchSize * model.inChans * model.imageHeight * model.imageWidth);
  return generate("input", count, seed, [](double u) { return (2 * u - 1) * 2; });
}
