#include "TestFiles.h"

using namespace fasternet;
using namespace fasternet::test;

TEST(ModelDescription, EmptyObjectHasThePublishedDefaults) {
  Parsed parsed("{}");
  ASSERT_TRUE(parsed.model) << printed(parsed.diagnostics);
  EXPECT_EQ(parsed.model->name, "model");
  EXPECT_EQ(parsed.model->embedDim, 96);
  EXPECT_EQ(parsed.model->depths, (std::vector<int64_t>{1, 2, 8, 2}));
  EXPECT_EQ(parsed.model->activation, Activation::Relu);
  EXPECT_EQ(parsed.model->stageHeight(3), 7);
  EXPECT_EQ(parsed.model->stageChannels(3), 768);
  EXPECT_EQ(parsed.model->stagePartial(0), 24);
  EXPECT_EQ(parsed.model->stageHidden(1), 384);
}

TEST(ModelDescription, PixelsThatPatchesDoNotDivideAreDropped) {
  Parsed parsed(R"({"image_size": [97, 130]})");
  ASSERT_TRUE(parsed.model);
  // floor((97 - 4) / 4) + 1 = 24, floor((130 - 4) / 4) + 1 = 32, then halved.
  EXPECT_EQ(parsed.model->stageHeight(0), 24);
  EXPECT_EQ(parsed.model->stageWidth(0), 32);
  EXPECT_EQ(parsed.model->stageHeight(3), 3);
  EXPECT_EQ(parsed.model->stageWidth(3), 4);
}

TEST(ModelDescription, HiddenAndPartialChannelsRoundDown) {
  Parsed parsed(R"({"embed_dim": 21, "mlp_ratio": 2.5, "n_div": 4})");
  ASSERT_TRUE(parsed.model);
  EXPECT_EQ(parsed.model->stageHidden(0), 52);
  EXPECT_EQ(parsed.model->stagePartial(0), 5);
}

TEST(ModelDescription, EveryGoldenIsAccepted) {
  for (const char *name :
       {"batch-3-gray",       "digits",           "fasternet-l",         "fasternet-m",      "fasternet-s",
        "fasternet-t0",       "fasternet-t1",     "fasternet-t2",        "features",         "layer-scale",
        "mlp-ratio-2.5",      "n-div-2",          "n-div-3-odd-split",   "n-div-8",          "no-classes",
        "no-patch-norm",      "odd-image-97x130", "overlapping-patches", "pth-bare",         "pth-lightning",
        "pth-mmdet-features", "pth-model-key",    "pth-timm-ema",        "safetensors-timm", "three-stages",
        "tiny-gelu",          "tiny-relu",        "wide-36-ch"})
    goldenModel(name);
}

TEST(ModelDescription, TrainingFieldsAreIgnored) {
  Parsed parsed(R"({"drop_path_rate": 0.1, "pconv_fw_type": "slicing", "init_cfg": null, "pretrained": true,
                    "test_crop_ratio": 0.9, "model_name": "fasternet", "opt": "adamw"})");
  ASSERT_TRUE(parsed.model) << printed(parsed.diagnostics);
  EXPECT_EQ(parsed.model->name, "fasternet");
}

TEST(ModelDescription, AllErrorsAreReportedAtOnce) {
  Parsed parsed(R"({"embed_dim": -4, "depths": [1, "two"], "act_layer": "TANH", "n_dib": 4})");
  EXPECT_FALSE(parsed.model);
  EXPECT_EQ(printed(parsed.diagnostics),
            "error: model.json: n_dib: unknown field, did you mean 'n_div'?\n"
            "error: model.json: embed_dim: found -4, expected an integer from 1 to 65536\n"
            "error: model.json: depths[1]: found \"two\", expected an integer from 1 to 1000\n"
            "error: model.json: act_layer: found \"TANH\", expected \"RELU\" or \"GELU\"\n");
}

TEST(ModelDescription, LargestValidSizesPass) {
  // 2^31 - 1 elements are the most; (32766 + 2)^2 x 1 channel with hidden 1 is 2^30.
  Parsed parsed(
      R"({"image_size": 32766, "in_chans": 1, "embed_dim": 1, "n_div": 1, "mlp_ratio": 1, "depths": [1],
                    "patch_size": 1, "patch_stride": 1})");
  EXPECT_TRUE(parsed.model) << printed(parsed.diagnostics);
}

TEST(IdentifierFor, MakesCIdentifiers) {
  EXPECT_EQ(identifierFor("fasternet_t0"), "fasternet_t0");
  EXPECT_EQ(identifierFor("mlp-ratio-2.5"), "mlp_ratio_2_5");
  EXPECT_EQ(identifierFor("2fast"), "m2fast");
  EXPECT_EQ(identifierFor("class"), "class_");
  EXPECT_EQ(identifierFor("caf\xc3\xa9"), "caf__");
  EXPECT_EQ(identifierFor(""), "m");
}
