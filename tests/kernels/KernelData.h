// Tensors for one kernel: guarded memory, seeded values, and the right answer from plain double-precision
// loops.
#pragma once

#include "support/CompiledKernel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace fasternet {

/// Floats between two pages that must not be touched, flush with the one or the other.
class GuardedFloats {
public:
  enum class Flush { Front, Back };
  GuardedFloats(int64_t count, Flush flush);
  ~GuardedFloats();
  GuardedFloats(GuardedFloats &&other) noexcept;
  GuardedFloats(const GuardedFloats &) = delete;
  std::span<float> floats() const { return {first, size_t(count)}; }

private:
  void *mapping;
  size_t mappedBytes;
  float *first;
  int64_t count;
};

/// Arguments of one kernel. Inputs have a zero border; the output is filled with a canary.
class KernelData {
public:
  KernelData(const KernelSpec &spec, GuardedFloats::Flush flush);

  /// Addresses of the elements at the arguments' minima.
  std::vector<float *> pointers() const;
  /// Addresses of the tensors, border included.
  std::vector<const float *> addresses() const;
  /// Interior of the output, in order of its dimensions, innermost first.
  std::vector<float> output() const;
  /// Output elements outside the interior that no longer hold the canary.
  int64_t spoiledElements() const;
  void clearOutput();
  /// In the order of output().
  std::vector<double> reference() const;

private:
  void forEachOutput(auto visit) const;

  KernelSpec spec;
  std::vector<KernelArgument> arguments;
  std::vector<GuardedFloats> tensors;
  std::vector<std::vector<float>> sources; ///< weights as they are before packing; inputs as NCHW
};

} // namespace fasternet
