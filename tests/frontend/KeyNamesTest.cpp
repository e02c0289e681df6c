#include "frontend/KeyNames.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

std::vector<std::string> published(std::initializer_list<const char *> keys,
                                   std::vector<std::string> *foreign = nullptr) {
  TensorFile file;
  for (const char *key : keys)
    file.tensors[key] = {};
  auto named = publishedNames(file, "file.pth");
  if (!named)
    return {llvm::toString(named.takeError())};
  std::vector<std::string> result;
  for (const auto &[name, tensor] : named->tensors)
    result.push_back(name);
  if (foreign)
    *foreign = named->foreign;
  return result;
}

using Names = std::vector<std::string>;

} // namespace

TEST(KeyNames, EmaCopyGoesBeforeThePlainOne) {
  EXPECT_EQ(published({"state_dict.head.bias", "state_dict_ema.head.weight", "epoch"}), Names{"head.weight"});
}

TEST(KeyNames, PrefixesAreStrippedRepeatedly) {
  EXPECT_EQ(published({"state_dict.module.model.backbone.head.bias"}), Names{"head.bias"});
  EXPECT_EQ(published({"model.model.head.bias"}), Names{"head.bias"});
}

TEST(KeyNames, WhatStandsBesideThePrefixIsForeign) {
  Names foreign;
  EXPECT_EQ(published({"state_dict.backbone.norm0.bias", "state_dict.neck.conv.weight"}, &foreign),
            Names{"norm0.bias"});
  EXPECT_EQ(foreign, Names{"neck.conv.weight"});
}

TEST(KeyNames, TimmsStagesInterleaveWithMergings) {
  EXPECT_EQ(published({"stages.0.blocks.1.mlp.0.weight", "stages.1.blocks.0.mlp.0.weight",
                       "stages.1.downsample.reduction.weight", "stages.3.downsample.norm.bias",
                       "conv_head.weight", "classifier.bias"}),
            (Names{"avgpool_pre_head.1.weight", "head.bias", "stages.0.blocks.1.mlp.0.weight",
                   "stages.1.reduction.weight", "stages.2.blocks.0.mlp.0.weight", "stages.5.norm.bias"}));
}

TEST(KeyNames, PublishedStagesStayAsTheyAre) {
  EXPECT_EQ(published({"stages.2.blocks.0.mlp.0.weight", "stages.1.reduction.weight"}),
            (Names{"stages.1.reduction.weight", "stages.2.blocks.0.mlp.0.weight"}));
}

TEST(KeyNames, CountersAreDropped) {
  EXPECT_EQ(published({"patch_embed.norm.num_batches_tracked"}), Names{});
}

TEST(KeyNames, TwoKeysForOneTensorAreRefused) {
  EXPECT_EQ(published({"classifier.bias", "head.bias"}),
            Names{"file.pth: tensors classifier.bias and head.bias both stand for head.bias"});
}
