// A hand-made model for the loader's tests: two inputs a and b, two outputs, 16 floats each;
//   output0 = 2 a + weights[32 ..] + 3 b   and   output1 = -(3 b)
// in six launches of three steps, through arena and scratch, with parameters of every size.
#pragma once

#include "fasternet/cuda_abi.h"

#include <array>
#include <deque>
#include <string>
#include <vector>

/// The code for one capability: one module for each kernel, or one for all.
struct FakeCudaVariant {
  FakeCudaVariant(int capability, bool oneModule, bool cubins);
  std::string name;
  std::vector<std::string> texts; ///< of the modules, machine code and PTX in turn
  std::vector<fnet_cuda_module> modules;
  std::vector<fnet_cuda_function> functions;
};

/// Must stay where it is while an instance uses it.
class FakeCudaModel {
public:
  static constexpr size_t values = 16, tensorBytes = values * sizeof(float);
  static constexpr uint64_t arenaBytes = 1000, scratchBytes = 300;
  /// Each part rounded up to 256: weights 256, arena 1024, scratch 512, four tensors of 256.
  static constexpr uint64_t deviceBytes = 256 + 1024 + 512 + 4 * 256;

  /// Variants for these capabilities, highest first; the first has three modules, others have one.
  explicit FakeCudaModel(const std::vector<int> &capabilities = {90, 80}, bool cubins = true);
  FakeCudaModel(const FakeCudaModel &) = delete;

  std::array<float, 64> weights;
  fnet_tensor tensors[4];
  fnet_step steps[3];
  std::vector<std::vector<fnet_cuda_argument>> arguments; ///< of each launch
  std::vector<fnet_cuda_launch> launches;
  std::deque<FakeCudaVariant> code;
  std::vector<fnet_variant> names;
  std::vector<fnet_cuda_variant> variants;
  fnet_model model;
  fnet_cuda_model description;
};

/// An instance in memory of its own, ended with the scope.
class FakeCudaInstance {
public:
  explicit FakeCudaInstance(const FakeCudaModel &model, fnet_options options = {}, size_t misalignment = 0);
  ~FakeCudaInstance() { fnet_internal_cuda_done(instance); }
  FakeCudaInstance(const FakeCudaInstance &) = delete;

  /// Runs on a = start, start + 1 ... and b = 100 + a.
  fnet_status run(float start = 0);
  /// The outputs of the last run are those of that start.
  bool outputsAreRight(float start = 0) const;

  fnet_status status;
  void *instance = nullptr;
  float outputs[2][FakeCudaModel::values] = {};

  std::string message() const { return text; }

private:
  char text[200] = {};
  std::vector<unsigned char> memory;
};

fnet_options cudaOptions();
/// The input a or b, and output 0 or 1, that belong to a start.
std::vector<float> fakeInput(int index, float start);
std::vector<float> fakeOutput(int index, float start);
