// What a tuned kernel for a GPU has to leave: for the fake driver, which computes nothing.
#pragma once

#include "kernels/KernelArguments.h"
#include "support/Files.h"
#include "tune/KernelCase.h"

#include "llvm/ADT/StringRef.h"

namespace fasternet {

/// The output's tensor, with the canary of runtime/harness/tune_case.h wherever no kernel writes.
inline std::vector<float> deviceAnswer(const KernelSpec &spec) {
  const std::vector<KernelArgument> arguments = kernelArguments(spec);
  const KernelArgument &output = arguments.back();
  std::vector<float> tensor(size_t(tensorElements(output)), -54272.0f);
  std::vector<int64_t> position(output.dimensions.size());
  for (float value : expectedOutput(spec, arguments)) {
    int64_t at = output.elementOffset;
    for (size_t d = 0; d < position.size(); ++d)
      at += position[d] * output.dimensions[d].stride;
    tensor[size_t(at)] = value;
    for (size_t d = 0; d < position.size() && ++position[d] == output.dimensions[d].extent; ++d)
      position[d] = 0;
  }
  return tensor;
}

/// As the fake driver finds it: a measuring program copies the kernel's input to the device first.
inline llvm::Error writeDeviceAnswer(const std::string &folder, const KernelSpec &spec) {
  const std::vector<float> tensor = deviceAnswer(spec);
  const size_t bytes = tensor.size() * sizeof(float);
  const size_t inputBytes = size_t(tensorElements(kernelArguments(spec).front())) * sizeof(float);
  return writeFile(folder + "/" + std::to_string(bytes) + "-after-" + std::to_string(inputBytes),
                   llvm::StringRef(reinterpret_cast<const char *>(tensor.data()), bytes));
}

} // namespace fasternet
