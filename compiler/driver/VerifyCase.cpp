#include "driver/VerifyCase.h"
#include "driver/Model.h"
#include "support/Diagnostics.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fasternet;

namespace {

/// Path of `name` in `folder` when there is such a file, else empty.
std::string inFolder(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  return llvm::sys::fs::is_regular_file(path) ? std::string(path) : std::string();
}

std::string shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (int64_t size : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

/// Appends the tensor's values, checked for name and shape.
llvm::Error take(const Weights &tensors, llvm::StringRef path, const ExpectedTensor &wanted,
                 std::vector<float> &values) {
  auto found = tensors.find(wanted.name);
  if (found == tensors.end())
    return inputError(path + ": tensor '" + wanted.name + "' is missing, expected shape " +
                      shapeText(wanted.shape));
  if (found->second.shape != wanted.shape)
    return inputError(path + ": tensor '" + wanted.name + "' has shape " + shapeText(found->second.shape) +
                      ", expected " + shapeText(wanted.shape));
  values.insert(values.end(), found->second.data.begin(), found->second.data.end());
  return llvm::Error::success();
}

/// Names and shapes of the outputs: the public interface's.
std::vector<ExpectedTensor> outputsOf(const ModelDescription &model) {
  if (!model.forkFeat)
    return {{"output", {model.batchSize, model.numClasses > 0 ? model.numClasses : model.featureDim}}};
  std::vector<ExpectedTensor> outputs;
  for (int64_t stage = 0; stage < model.stages(); ++stage)
    outputs.push_back(
        {"output" + std::to_string(stage),
         {model.batchSize, model.stageChannels(stage), model.stageHeight(stage), model.stageWidth(stage)}});
  return outputs;
}

} // namespace

llvm::Expected<VerifyOptions> fasternet::resolveFolder(const VerifyOptions &options) {
  VerifyOptions resolved = options;
  if (llvm::sys::fs::is_directory(options.model)) {
    resolved.model = inFolder(options.model, "model.json");
    if (resolved.model.empty())
      return inputError(options.model + ": the folder holds no model.json");
    for (const char *name : {"weights.safetensors", "weights.pth", "weights.pt", "weights.ckpt"})
      if (resolved.weights.empty())
        resolved.weights = inFolder(options.model, name);
    if (resolved.weights.empty())
      resolved.weights = "seeded:7";
    if (resolved.io.empty())
      resolved.io = inFolder(options.model, "io.safetensors");
  }
  if (resolved.weights.empty())
    return inputError("--weights is needed: a file, or seeded:N");
  return resolved;
}

llvm::Expected<VerifyCase> fasternet::loadCase(const ModelDescription &model, const VerifyOptions &options) {
  VerifyCase values;
  Weights tensors;
  if (!options.io.empty()) {
    auto loaded = loadTensors(options.io);
    if (!loaded)
      return loaded.takeError();
    tensors = std::move(*loaded);
    for (const ExpectedTensor &output : outputsOf(model))
      if (llvm::Error error = take(tensors, options.io, output, values.outputs))
        return error;
  }
  if (!tensors.count("input")) {
    values.input = seededInput(model, seedOf(options.weights).value_or(7));
    return values;
  }
  const ExpectedTensor input{"input", {model.batchSize, model.inChans, model.imageHeight, model.imageWidth}};
  if (llvm::Error error = take(tensors, options.io, input, values.input))
    return error;
  return values;
}
