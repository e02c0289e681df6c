// What `verify` compares: the input and the expected outputs of one run.
#pragma once

#include "driver/Verify.h"
#include "frontend/ModelDescription.h"

namespace fasternet {

/// Values in the order of the public interface: all inputs, all outputs, dense NCHW.
struct VerifyCase {
  std::vector<float> input, outputs;
};

/// When options.model is a folder: its model.json, its weights.* (or seeded:7 where it has none) and its
/// io.safetensors fill what the options leave open.
llvm::Expected<VerifyOptions> resolveFolder(const VerifyOptions &options);

/// Reads options.io; its shapes must be those of the model. Without an `input` in it, or without a file, the
/// input is the seeded one (seed N of weights seeded:N, else 7). Without a file `outputs` is empty.
llvm::Expected<VerifyCase> loadCase(const ModelDescription &model, const VerifyOptions &options);

} // namespace fasternet
