#include "TestFiles.h"

using namespace fasternet;
using namespace fasternet::test;

namespace {

/// Loads a golden file for a model that may have been changed.
std::string messages(const ModelDescription &model, const std::string &file, bool accepted) {
  Diagnostics diagnostics;
  EXPECT_EQ(loadWeights(model, goldenPath(file), diagnostics).has_value(), accepted);
  std::string text = printed(diagnostics), path = goldenPath(file);
  for (size_t at; (at = text.find(path)) != std::string::npos;)
    text.replace(at, path.size(), "FILE");
  return text;
}

} // namespace

TEST(Weights, ExpectedTensorsAreInExecutionOrder) {
  std::vector<ExpectedTensor> tensors = expectedTensors(goldenModel("three-stages"));
  EXPECT_EQ(tensors.front().name, "patch_embed.proj.weight");
  EXPECT_EQ(tensors[5].name, "stages.0.blocks.0.spatial_mixing.partial_conv3.weight");
  EXPECT_EQ(tensors[6].name, "stages.0.blocks.0.mlp.0.weight");
  EXPECT_EQ(tensors.back().name, "head.bias");
}

TEST(Weights, EveryDifferenceStandsInOneTable) {
  ModelDescription model = goldenModel("three-stages");
  model.numClasses = 20;
  model.layerScaleInitValue = 1;
  model.depths = {1, 1, 1};
  EXPECT_EQ(messages(model, "three-stages/weights.safetensors", false),
            "error: FILE: 12 tensors do not fit the model:\n"
            "  tensor                                                 expected        found\n"
            "  stages.0.blocks.0.layer_scale                          [16]            missing\n"
            "  stages.2.blocks.0.layer_scale                          [32]            missing\n"
            "  stages.4.blocks.0.layer_scale                          [64]            missing\n"
            "  head.weight                                            [20, 48]        [10, 48]\n"
            "  head.bias                                              [20]            [10]\n"
            "  stages.2.blocks.1.mlp.0.weight                         no such tensor  [64, 32, 1, 1]\n"
            "  stages.2.blocks.1.mlp.1.bias                           no such tensor  [64]\n"
            "  stages.2.blocks.1.mlp.1.running_mean                   no such tensor  [64]\n"
            "  stages.2.blocks.1.mlp.1.running_var                    no such tensor  [64]\n"
            "  stages.2.blocks.1.mlp.1.weight                         no such tensor  [64]\n"
            "  stages.2.blocks.1.mlp.3.weight                         no such tensor  [32, 64, 1, 1]\n"
            "  stages.2.blocks.1.spatial_mixing.partial_conv3.weight  no such tensor  [8, 8, 3, 3]\n");
}

TEST(Weights, DetectorPartsOnlyWarn) {
  EXPECT_EQ(messages(goldenModel("pth-mmdet-features"), "pth-mmdet-features/weights.pth", true),
            "warning: FILE: 1 tensor is not part of the model and not used: neck.*\n");
}

TEST(Weights, ClassifierCheckpointGivesFeaturesWithIdentityNorms) {
  ModelDescription model = goldenModel("pth-bare");
  model.forkFeat = true;
  Diagnostics diagnostics;
  auto weights = loadWeights(model, goldenPath("pth-bare/weights.pth"), diagnostics);
  ASSERT_TRUE(weights) << printed(diagnostics);
  EXPECT_NE(printed(diagnostics).find("warning: "), std::string::npos);
  EXPECT_NE(printed(diagnostics).find("identity statistics"), std::string::npos);
  EXPECT_EQ(weights->at("norm2.weight").data.vec(), std::vector<float>(32, 1.0f));
  EXPECT_EQ(weights->at("norm6.running_mean").data.vec(), std::vector<float>(128, 0.0f));
}

TEST(Weights, ClassifierIsNotUsedWithoutClasses) {
  ModelDescription model = goldenModel("pth-bare");
  model.numClasses = 0;
  EXPECT_NE(messages(model, "pth-bare/weights.pth", true).find("2 tensors are not part of the model"),
            std::string::npos);
}

TEST(Weights, TrainedDigitsLoad) {
  Diagnostics diagnostics;
  auto weights = loadWeights(goldenModel("digits"), goldenPath("digits/weights.safetensors"), diagnostics);
  ASSERT_TRUE(weights) << printed(diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
}
