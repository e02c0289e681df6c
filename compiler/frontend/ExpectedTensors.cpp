// Which tensors the published model of a description has, in the order of execution.
#include "frontend/Weights.h"

using namespace fasternet;

namespace {

class TensorList {
public:
  void add(const llvm::Twine &name, std::vector<int64_t> shape) {
    tensors.push_back({name.str(), std::move(shape)});
  }
  void addNorm(const std::string &name, int64_t channels) {
    for (const char *part : {"weight", "bias", "running_mean", "running_var"})
      add(name + "." + part, {channels});
  }

  std::vector<ExpectedTensor> tensors;
};

} // namespace

static void addBlock(TensorList &list, const ModelDescription &model, int64_t stage, int64_t block) {
  int64_t channels = model.stageChannels(stage), partial = model.stagePartial(stage),
          hidden = model.stageHidden(stage);
  std::string name = "stages." + std::to_string(2 * stage) + ".blocks." + std::to_string(block);
  list.add(name + ".spatial_mixing.partial_conv3.weight", {partial, partial, 3, 3});
  list.add(name + ".mlp.0.weight", {hidden, channels, 1, 1});
  list.addNorm(name + ".mlp.1", hidden);
  list.add(name + ".mlp.3.weight", {channels, hidden, 1, 1});
  if (model.layerScaleInitValue > 0)
    list.add(name + ".layer_scale", {channels});
}

std::vector<ExpectedTensor> fasternet::expectedTensors(const ModelDescription &model) {
  TensorList list;
  list.add("patch_embed.proj.weight", {model.embedDim, model.inChans, model.patchSize, model.patchSize});
  if (model.patchNorm)
    list.addNorm("patch_embed.norm", model.embedDim);
  for (int64_t stage = 0; stage < model.stages(); ++stage) {
    for (int64_t block = 0; block < model.depths[stage]; ++block)
      addBlock(list, model, stage, block);
    if (model.forkFeat)
      list.addNorm("norm" + std::to_string(2 * stage), model.stageChannels(stage));
    if (stage + 1 == model.stages())
      break;
    std::string merging = "stages." + std::to_string(2 * stage + 1);
    int64_t channels = model.stageChannels(stage);
    list.add(merging + ".reduction.weight", {2 * channels, channels, model.patchSize2, model.patchSize2});
    list.addNorm(merging + ".norm", 2 * channels);
  }
  if (model.forkFeat)
    return std::move(list.tensors);
  list.add("avgpool_pre_head.1.weight", {model.featureDim, model.stageChannels(model.stages() - 1), 1, 1});
  if (model.numClasses > 0) {
    list.add("head.weight", {model.numClasses, model.featureDim});
    list.add("head.bias", {model.numClasses});
  }
  return std::move(list.tensors);
}
