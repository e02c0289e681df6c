// A hand-made model for the runtime's tests: the description that a compiled library would hold, around one
// kernel that the test supplies.
#pragma once

#include "fasternet/abi.h"

#include <cstddef>
#include <vector>

/// What the entry calls. `arena` is the instance's.
using FakeKernel = int (*)(void *context, unsigned char *arena, const float *input, float *output);

/// Must stay where it is while an instance uses it.
class FakeModel {
public:
  static constexpr size_t values = 16; ///< of the input and of the output
  static constexpr size_t arenaBytes = 1000, callerScratchBytes = 512, workerScratchBytes = 256;

  explicit FakeModel(FakeKernel kernel);
  FakeModel(const FakeModel &) = delete;

  size_t bytes(size_t workers = 1) const {
    return description.instance_bytes + workers * description.instance_worker_bytes;
  }

  const void *kernels[1];
  fnet_tensor tensors[2];
  fnet_step step;
  std::vector<fnet_variant>
      variants; ///< one, "any", that every CPU runs; after a change call `describeVariants`
  fnet_model description;
  void describeVariants();
};

/// Doubles each value of the input in 16 tasks, through scratch memory of the caller and of each worker;
/// fails if memory is not what was planned.
int doublingKernel(void *context, unsigned char *arena, const float *input, float *output);

/// An instance in memory of its own, ended with the scope.
class FakeInstance {
public:
  explicit FakeInstance(const FakeModel &model, const fnet_parallel *parallel = nullptr,
                        size_t misalignment = 0);
  ~FakeInstance();
  FakeInstance(const FakeInstance &) = delete;

  /// Runs on the input start, start + 1 ...
  fnet_status run(float start = 0);
  bool outputIsDoubled(float start = 0) const;

  fnet_status status;
  void *instance = nullptr;
  float output[FakeModel::values] = {};

private:
  std::vector<unsigned char> memory;
};
