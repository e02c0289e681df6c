#include "TestFiles.h"

using namespace fasternet;
using namespace fasternet::test;

TEST(TimmConfig, NamesThePublishedVariants) {
  struct Expectation {
    const char *name;
    int64_t embedDim, thirdDepth;
    Activation activation;
  };
  for (const Expectation &e : {Expectation{"fasternet_t0", 40, 8, Activation::Gelu},
                               {"fasternet_t1", 64, 8, Activation::Gelu},
                               {"fasternet_t2", 96, 8, Activation::Relu},
                               {"fasternet_s", 128, 13, Activation::Relu},
                               {"fasternet_m", 144, 18, Activation::Relu},
                               {"fasternet_l", 192, 18, Activation::Relu}}) {
    Parsed parsed(std::string(R"({"architecture": ")") + e.name + "\"}");
    ASSERT_TRUE(parsed.model) << printed(parsed.diagnostics);
    EXPECT_EQ(parsed.model->name, e.name);
    EXPECT_EQ(parsed.model->embedDim, e.embedDim);
    EXPECT_EQ(parsed.model->depths[2], e.thirdDepth);
    EXPECT_EQ(parsed.model->activation, e.activation);
    EXPECT_EQ(parsed.model->numClasses, 1000);
  }
}

TEST(TimmConfig, ReadsAHubFile) {
  Parsed parsed(R"({
    "architecture": "fasternet_t2", "num_classes": 37, "num_features": 1280, "global_pool": "avg",
    "pretrained_cfg": {"tag": "in1k", "custom_load": false, "input_size": [3, 192, 256], "fixed_input_size": false,
                       "interpolation": "bicubic", "crop_pct": 1.0, "mean": [0.485, 0.456, 0.406],
                       "std": [0.229, 0.224, 0.225], "num_classes": 1000, "first_conv": "patch_embed.proj",
                       "classifier": "classifier"}})");
  ASSERT_TRUE(parsed.model) << printed(parsed.diagnostics);
  EXPECT_EQ(parsed.model->numClasses, 37);
  EXPECT_EQ(parsed.model->imageHeight, 192);
  EXPECT_EQ(parsed.model->imageWidth, 256);
}

TEST(TimmConfig, ModelArgumentsOverride) {
  Parsed parsed(R"({"architecture": "fasternet_t0", "batch_size": 4,
                    "model_args": {"embed_dim": 48, "act_layer": "relu", "patch_size": 8, "merge_size": 3,
                                   "drop_path_rate": 0.1, "num_classes": 5}})");
  ASSERT_TRUE(parsed.model) << printed(parsed.diagnostics);
  EXPECT_EQ(parsed.model->embedDim, 48);
  EXPECT_EQ(parsed.model->activation, Activation::Relu);
  EXPECT_EQ(parsed.model->patchStride, 8);
  EXPECT_EQ(parsed.model->patchStride2, 3);
  EXPECT_EQ(parsed.model->numClasses, 5);
  EXPECT_EQ(parsed.model->batchSize, 4);
}

TEST(TimmConfig, OneWrongPatchSizeIsOneMessage) {
  Parsed parsed(R"({"architecture": "fasternet_t0", "model_args": {"patch_size": 0}})");
  EXPECT_EQ(printed(parsed.diagnostics),
            "error: model.json: model_args.patch_size: found 0, expected an integer from 1 to 1024\n");
}
