#include "frontend/FloatTensors.h"

#include "TestFiles.h"

using namespace fasternet;
using namespace fasternet::test;

/// Golden weights were made with seed 7, by another implementation.
TEST(Seeded, EqualsGoldenWeightsToTheBit) {
  for (const char *file : {"three-stages/weights.safetensors", "safetensors-timm/weights.safetensors",
                           "pth-bare/weights.pth", "pth-model-key/weights.pth", "pth-lightning/weights.ckpt",
                           "pth-timm-ema/weights.pth", "pth-mmdet-features/weights.pth"}) {
    ModelDescription model = goldenModel(llvm::StringRef(file).split('/').first.str());
    Diagnostics diagnostics;
    auto weights = loadWeights(model, goldenPath(file), diagnostics);
    ASSERT_TRUE(weights) << printed(diagnostics);
    for (const ExpectedTensor &tensor : expectedTensors(model))
      EXPECT_EQ(weights->at(tensor.name).data, llvm::ArrayRef(seededTensor(tensor.name, tensor.shape, 7)))
          << file << " " << tensor.name;
  }
}

TEST(Seeded, InputEqualsGoldenInput) {
  auto tensors = loadTensors(goldenPath("odd-image-97x130/io.safetensors"));
  ASSERT_TRUE(bool(tensors)) << llvm::toString(tensors.takeError());
  EXPECT_EQ(tensors->at("input").data, llvm::ArrayRef(seededInput(goldenModel("odd-image-97x130"), 7)));
}

TEST(Seeded, RangeFollowsTheLastPartOfTheKey) {
  auto within = [](llvm::StringRef name, llvm::ArrayRef<int64_t> shape, float low, float high) {
    for (float value : seededTensor(name, shape, 1))
      if (value < low || value > high)
        return false;
    return true;
  };
  EXPECT_TRUE(within("a.running_var", {1000}, 0.5f, 1.5f));
  EXPECT_TRUE(within("a.running_mean", {1000}, -0.1f, 0.1f));
  EXPECT_TRUE(within("a.bias", {1000}, -0.1f, 0.1f));
  EXPECT_TRUE(within("a.layer_scale", {1000}, 0.5f, 1.5f));
  EXPECT_TRUE(within("a.weight", {1000}, 0.5f, 1.5f));
  EXPECT_TRUE(within("a.weight", {100, 12}, -0.5f, 0.5f)); // sqrt(3 / 12)
  EXPECT_EQ(seededTensor("a.num_batches_tracked", {}, 1), std::vector<float>{0.0f});
}

TEST(Seeded, LoadWeightsGivesEveryExpectedTensor) {
  ModelDescription model = goldenModel("layer-scale");
  Diagnostics diagnostics;
  auto weights = loadWeights(model, "seeded:7", diagnostics);
  ASSERT_TRUE(weights) << printed(diagnostics);
  EXPECT_EQ(weights->size(), expectedTensors(model).size());
  EXPECT_EQ(weights->at("stages.6.blocks.0.layer_scale").shape, std::vector<int64_t>{128});
}
