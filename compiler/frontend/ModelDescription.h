// The checked description of one model, read from model.json or timm's config.json.
#pragma once

#include "support/Diagnostics.h"
#include "support/KernelSpec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fasternet {

/// Names and defaults are those of the published configuration (github.com/JierunChen/FasterNet,
/// models/fasternet.py). Every value has been checked: shapes derived below are positive and fit int32
/// elements.
struct ModelDescription {
  std::string name = "fasternet"; ///< a C identifier
  int64_t batchSize = 1;
  int64_t imageHeight = 224, imageWidth = 224;
  int64_t inChans = 3;
  int64_t numClasses = 1000; ///< <= 0: no classifier
  int64_t embedDim = 96;
  std::vector<int64_t> depths = {1, 2, 8, 2}; ///< blocks per stage
  double mlpRatio = 2;
  int64_t nDiv = 4;
  int64_t patchSize = 4, patchStride = 4;
  int64_t patchSize2 = 2, patchStride2 = 2;
  bool patchNorm = true;
  int64_t featureDim = 1280;
  double layerScaleInitValue = 0; ///< > 0: blocks have a layer scale
  Activation activation = Activation::Relu;
  bool forkFeat = false; ///< four feature outputs instead of the head

  int64_t stages() const { return int64_t(depths.size()); }
  int64_t stageChannels(int64_t stage) const { return embedDim << stage; }
  int64_t stagePartial(int64_t stage) const { return stageChannels(stage) / nDiv; }
  int64_t stageHidden(int64_t stage) const { return int64_t(double(stageChannels(stage)) * mlpRatio); }
  /// Pixels of a stage: after the embedding, then after each merging; floor((size - kernel) / stride) + 1.
  int64_t stageHeight(int64_t stage) const;
  int64_t stageWidth(int64_t stage) const;
};

/// Reads a description; every problem of the file goes into `diagnostics`, with `path` and the JSON path as
/// place. Nothing is returned when there was an error. `fileName` (a path) gives the model its name when the
/// JSON has none.
std::optional<ModelDescription> parseModelDescription(llvm::StringRef json, llvm::StringRef path,
                                                      Diagnostics &diagnostics);
/// Maps the file and parses it.
std::optional<ModelDescription> loadModelDescription(llvm::StringRef path, Diagnostics &diagnostics);

/// Makes a C identifier: letters, digits and '_' kept, every other byte becomes '_', a leading digit gets 'm'
/// before it, and C or C++ keywords get '_' after it.
std::string identifierFor(llvm::StringRef text);

} // namespace fasternet
