// Checks of a description that concern several fields: what each stage is left with, and how large tensors
// get.
#include "frontend/ModelFields.h"

#include "llvm/Support/MathExtras.h"

using namespace fasternet;

/// Kernels index elements with int32.
static constexpr uint64_t maximumElements = INT32_MAX;

static uint64_t product(std::initializer_list<int64_t> factors) {
  uint64_t result = 1;
  for (int64_t factor : factors)
    result = llvm::SaturatingMultiply(result, uint64_t(factor));
  return result;
}

namespace {

class SizeChecker {
public:
  SizeChecker(const ModelDescription &model, const FieldReader &reader, llvm::StringRef file,
              Diagnostics &diagnostics)
      : model(model), reader(reader), file(file), diagnostics(diagnostics) {}

  void check() {
    if (model.forkFeat && model.stages() != 4)
      error("depths", "found " + llvm::Twine(model.stages()) + " stages, expected 4 with fork_feat");
    checkChannels();
    if (checkPixels() && !diagnostics.hasErrors()) {
      checkActivations();
      checkWeights();
    }
  }

private:
  void error(llvm::StringRef field, const llvm::Twine &message) {
    diagnostics.error(file + ": " + reader.path(field), message);
  }

  void checkChannels() {
    if (model.embedDim < model.nDiv)
      error("n_div", "found " + llvm::Twine(model.nDiv) + ", expected at most embed_dim, which is " +
                         llvm::Twine(model.embedDim));
    if (model.stageHidden(0) < 1)
      error("mlp_ratio", "found " + describeJson(model.mlpRatio) +
                             ", expected at least 1 / embed_dim, which is 1 / " +
                             llvm::Twine(model.embedDim));
  }

  /// False when a window is larger than what it slides over.
  bool checkPixels() {
    int64_t height = model.imageHeight, width = model.imageWidth;
    for (int64_t stage = 0; stage < model.stages(); ++stage) {
      int64_t window = stage == 0 ? model.patchSize : model.patchSize2;
      int64_t stride = stage == 0 ? model.patchStride : model.patchStride2;
      if (height < window || width < window) {
        error("image_size",
              "found " + llvm::Twine(model.imageHeight) + " x " + llvm::Twine(model.imageWidth) +
                  ", too small for stage " + llvm::Twine(stage) + ": its input has " + llvm::Twine(height) +
                  " x " + llvm::Twine(width) + " pixels, expected at least " + llvm::Twine(window) + " x " +
                  llvm::Twine(window) + " (" + (stage == 0 ? "patch_size" : "patch_size2") + ")");
        return false;
      }
      height = (height - window) / stride + 1;
      width = (width - window) / stride + 1;
    }
    return true;
  }

  void limit(const llvm::Twine &what, uint64_t elements) {
    if (elements > maximumElements)
      diagnostics.error(file,
                        what +
                            (elements == UINT64_MAX ? " have too many elements"
                                                    : " have " + std::to_string(elements) + " elements") +
                            ", expected at most " + llvm::Twine(maximumElements));
  }

  void checkActivations() {
    limit("the values of image_size, in_chans and batch_size",
          product({model.batchSize, model.inChans, model.imageHeight, model.imageWidth}));
    limit("the outputs of num_classes, feature_dim and batch_size",
          product({model.batchSize, std::max(model.featureDim, model.numClasses)}));
    const int64_t border = 2 * KernelSpec::borderPixels;
    for (int64_t stage = 0; stage < model.stages(); ++stage) {
      int64_t channels = std::max(model.stageChannels(stage), model.stageHidden(stage));
      limit("the activations of stage " + llvm::Twine(stage),
            product({model.batchSize, model.stageHeight(stage) + border, model.stageWidth(stage) + border,
                     channels}));
    }
  }

  void checkWeights() {
    uint64_t total = product({model.embedDim, model.inChans, model.patchSize, model.patchSize});
    auto add = [&](uint64_t elements) { total = llvm::SaturatingAdd(total, elements); };
    for (int64_t stage = 0; stage < model.stages(); ++stage) {
      int64_t channels = model.stageChannels(stage), partial = model.stagePartial(stage);
      uint64_t block = llvm::SaturatingAdd(product({2, channels, model.stageHidden(stage)}),
                                           product({9, partial, partial}));
      add(llvm::SaturatingMultiply(block, uint64_t(model.depths[stage])));
      if (stage + 1 < model.stages())
        add(product({2, channels, channels, model.patchSize2, model.patchSize2}));
    }
    if (!model.forkFeat) {
      add(product({model.featureDim, model.stageChannels(model.stages() - 1)}));
      add(product({model.featureDim, std::max<int64_t>(model.numClasses, 0)}));
    }
    limit("all weights together", total);
  }

  const ModelDescription &model;
  const FieldReader &reader;
  llvm::StringRef file;
  Diagnostics &diagnostics;
};

} // namespace

void fasternet::checkModelSizes(const ModelDescription &model, const FieldReader &reader,
                                llvm::StringRef file, Diagnostics &diagnostics) {
  SizeChecker(model, reader, file, diagnostics).check();
}
