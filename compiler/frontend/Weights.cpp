// From a file of any accepted form to the tensors that a model needs.
#include "frontend/Weights.h"
#include "frontend/FloatTensors.h"
#include "frontend/KeyNames.h"
#include "frontend/MismatchTable.h"
#include "frontend/Safetensors.h"
#include "frontend/StrictJson.h"
#include "frontend/TorchCheckpoint.h"
#include "support/Files.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace fasternet;
using DType = StoredTensor::DType;

static llvm::Expected<TensorFile> readTensorFile(llvm::StringRef path) {
  auto buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  llvm::StringRef bytes = (*buffer)->getBuffer();
  bool torch = llvm::any_of(llvm::ArrayRef<llvm::StringRef>{".pth", ".pt", ".ckpt"},
                            [&](llvm::StringRef ending) { return path.ends_with(ending); });
  if (torch || (!path.ends_with(".safetensors") && bytes.starts_with("PK")))
    return readTorchCheckpoint(std::move(*buffer), path);
  if (path.ends_with(".safetensors"))
    return readSafetensors(std::move(*buffer), path);
  return inputError(path + ": unknown kind of file, expected .safetensors, .pth, .pt, .ckpt or seeded:N");
}

static bool isFloat(DType dtype) {
  return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16 || dtype == DType::F64;
}

/// Equal up to trailing ones: a linear layer and a 1x1 convolution hold the same elements in the same order.
static bool sameElements(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b) {
  auto trim = [](llvm::ArrayRef<int64_t> shape) {
    while (shape.size() > 2 && shape.back() == 1)
      shape = shape.drop_back();
    return shape;
  };
  return trim(a) == trim(b);
}

/// Tensors that a file may hold although the model does not use them.
static bool mayBeIgnored(const ModelDescription &model, llvm::StringRef name) {
  bool classifier = name.starts_with("head.");
  bool head = classifier || name.starts_with("avgpool_pre_head.");
  if ((model.forkFeat && head) || (model.numClasses <= 0 && classifier))
    return true;
  static constexpr llvm::StringLiteral others[] = {
      "neck.",          "rpn_head.",    "roi_head.",          "bbox_head.",
      "mask_head.",     "decode_head.", "auxiliary_head.",    "optimizer.",
      "criterion.",     "loss.",        "loss_fn.",           "teacher.",
      "teacher_model.", "mixup_fn.",    "data_preprocessor.", "img_backbone_norm.",
  };
  return llvm::any_of(others, [&](llvm::StringRef prefix) { return name.starts_with(prefix); });
}

namespace {

class WeightLoader {
public:
  WeightLoader(const ModelDescription &model, llvm::StringRef path, Diagnostics &diagnostics)
      : model(model), path(path), diagnostics(diagnostics) {}

  std::optional<Weights> load() {
    auto file = readTensorFile(path);
    if (!file)
      return fail(file.takeError());
    auto named = publishedNames(*file, path);
    if (!named)
      return fail(named.takeError());
    std::vector<ExpectedTensor> expected = expectedTensors(model);
    bool identityNorms = lacksFeatureNorms(*named);
    for (const ExpectedTensor &tensor : expected) {
      bool identity = identityNorms && llvm::StringRef(tensor.name).starts_with("norm");
      identity ? addIdentity(tensor) : addTensor(tensor, *named, file->owner);
    }
    reportExtras(expected, *named);
    if (!mismatches.empty())
      diagnostics.error(path, mismatchTable(mismatches));
    else if (!diagnostics.hasErrors())
      for (const ExpectedTensor &tensor : expected)
        checkValues(tensor.name, *named);
    if (diagnostics.hasErrors())
      return std::nullopt;
    return std::move(weights);
  }

private:
  std::nullopt_t fail(llvm::Error error) {
    diagnostics.error("", llvm::toString(std::move(error)));
    return std::nullopt;
  }

  /// A checkpoint of a classifier has no norms for feature outputs; the published model then starts from
  /// identity.
  bool lacksFeatureNorms(const NamedTensors &named) {
    auto isNorm = [](llvm::StringRef name) {
      return name.starts_with("norm0.") || name.starts_with("norm2.") || name.starts_with("norm4.") ||
             name.starts_with("norm6.");
    };
    if (!model.forkFeat ||
        llvm::any_of(named.tensors, [&](const auto &entry) { return isNorm(entry.first); }))
      return false;
    diagnostics.warning(path,
                        "has no norm0, norm2, norm4 and norm6 for the feature outputs: identity statistics "
                        "(weight 1, bias 0, mean 0, variance 1) are used");
    return true;
  }

  void addIdentity(const ExpectedTensor &tensor) {
    llvm::StringRef name = tensor.name;
    float value = name.ends_with(".weight") || name.ends_with(".running_var") ? 1.0f : 0.0f;
    auto values = std::make_shared<std::vector<float>>(tensor.shape[0], value);
    weights[tensor.name] = {tensor.shape, *values, values};
  }

  void addTensor(const ExpectedTensor &tensor, const NamedTensors &named, std::shared_ptr<const void> owner) {
    auto found = named.tensors.find(tensor.name);
    if (found == named.tensors.end()) {
      mismatches.push_back({tensor.name, shapeText(tensor.shape), "missing"});
      return;
    }
    const StoredTensor &stored = found->second.first;
    if (!isFloat(stored.dtype) || !sameElements(stored.shape, tensor.shape)) {
      std::string type = isFloat(stored.dtype) ? "" : dtypeName(stored.dtype).str() + " ";
      mismatches.push_back({tensor.name, (type.empty() ? "" : "F32 ") + shapeText(tensor.shape),
                            type + shapeText(stored.shape)});
      return;
    }
    // Converted only now that the shape is the model's: a file cannot ask for any size of its own.
    WeightTensor weight = toFloatTensor(stored, owner);
    weight.shape = tensor.shape;
    weights[tensor.name] = std::move(weight);
  }

  void reportExtras(llvm::ArrayRef<ExpectedTensor> expected, const NamedTensors &named) {
    llvm::StringSet<> known, groups;
    for (const ExpectedTensor &tensor : expected)
      known.insert(tensor.name);
    size_t ignored = named.foreign.size();
    auto addGroup = [&](llvm::StringRef key) { groups.insert(printable(key.split('.').first, 40) + ".*"); };
    llvm::for_each(named.foreign, addGroup);
    for (const auto &[name, entry] : named.tensors) {
      if (known.contains(name))
        continue;
      if (mayBeIgnored(model, name)) {
        ++ignored;
        addGroup(name);
      } else {
        mismatches.push_back({entry.second, "no such tensor", shapeText(entry.first.shape)});
      }
    }
    if (ignored == 0)
      return;
    llvm::SmallVector<llvm::StringRef> names(groups.keys());
    llvm::sort(names);
    size_t more = names.size() > 10 ? names.size() - 10 : 0;
    std::string list = llvm::join(llvm::ArrayRef(names).drop_back(more), ", ");
    diagnostics.warning(path, llvm::Twine(ignored) + (ignored == 1 ? " tensor is" : " tensors are") +
                                  " not part of the model and not used: " + list + (more ? ", ..." : ""));
  }

  void checkValues(const std::string &name, const NamedTensors &named) {
    llvm::ArrayRef<float> data = weights.at(name).data;
    bool variance = llvm::StringRef(name).ends_with(".running_var");
    const float *bad = llvm::find_if(data, [&](float v) { return !std::isfinite(v) || (variance && v < 0); });
    if (bad == data.end())
      return;
    auto origin = named.tensors.find(name);
    std::string key = origin == named.tensors.end() ? name : origin->second.second;
    diagnostics.error(path + ": tensor " + printable(key),
                      "element " + llvm::Twine(bad - data.begin()) + ": found " + std::to_string(*bad) +
                          (variance ? ", expected a variance of at least 0" : ", expected a finite number"));
  }

  const ModelDescription &model;
  llvm::StringRef path;
  Diagnostics &diagnostics;
  Weights weights;
  std::vector<Mismatch> mismatches;
};

} // namespace

static std::optional<Weights> seededWeights(const ModelDescription &model, llvm::StringRef source,
                                            Diagnostics &diagnostics) {
  uint64_t seed = 0;
  if (source.drop_front(strlen("seeded:")).getAsInteger(10, seed)) {
    diagnostics.error(printable(source),
                      "expected seeded:N with an integer N from 0 to " + llvm::Twine(UINT64_MAX));
    return std::nullopt;
  }
  Weights weights;
  for (const ExpectedTensor &tensor : expectedTensors(model)) {
    auto values = std::make_shared<std::vector<float>>(seededTensor(tensor.name, tensor.shape, seed));
    weights[tensor.name] = {tensor.shape, *values, values};
  }
  return weights;
}

std::optional<Weights> fasternet::loadWeights(const ModelDescription &model, llvm::StringRef source,
                                              Diagnostics &diagnostics) {
  if (source.starts_with("seeded:"))
    return seededWeights(model, source, diagnostics);
  return WeightLoader(model, source, diagnostics).load();
}

llvm::Expected<Weights> fasternet::loadTensors(llvm::StringRef path) {
  auto buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  auto file = readSafetensors(std::move(*buffer), path);
  if (!file)
    return file.takeError();
  Weights result;
  for (const auto &[name, tensor] : file->tensors)
    result.emplace(name, toFloatTensor(tensor, file->owner));
  return result;
}
