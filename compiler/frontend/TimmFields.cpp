// timm's config.json, as its model hub stores it beside the weights: the architecture by name, overrides in
// model_args, the input size in pretrained_cfg.
#include "frontend/ModelFields.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;
using Json = nlohmann::ordered_json;

namespace {

/// The published variants (cfg/*.yaml); all share mlp_ratio 2, n_div 4 and feature_dim 1280.
struct Variant {
  llvm::StringLiteral name;
  int64_t embedDim;
  int64_t depths[4];
  Activation activation;
};
constexpr Variant variants[] = {
    {"fasternet_t0", 40, {1, 2, 8, 2}, Activation::Gelu},
    {"fasternet_t1", 64, {1, 2, 8, 2}, Activation::Gelu},
    {"fasternet_t2", 96, {1, 2, 8, 2}, Activation::Relu},
    {"fasternet_s", 128, {1, 2, 13, 2}, Activation::Relu},
    {"fasternet_m", 144, {3, 4, 18, 3}, Activation::Relu},
    {"fasternet_l", 192, {3, 4, 18, 3}, Activation::Relu},
};

constexpr llvm::StringLiteral topFields[] = {
    "architecture",
    "num_classes",
    "num_features",
    "global_pool",
    "model_args",
    "pretrained_cfg",
    "input_size",
    "label_names",
    "label_descriptions",
    "pool_size",
    "crop_pct",
    "interpolation",
    "mean",
    "std",
    "first_conv",
    "classifier",
    "license",
    "tag",
    "custom_load",
    "fixed_input_size",
    "crop_mode",
    "origin_url",
    "paper_name",
    "paper_ids",
    "name",
    "image_size",
    "batch_size",
    "fork_feat",
};

/// Arguments of timm's class that mean the same as a published field.
constexpr llvm::StringLiteral sharedArguments[] = {"num_classes", "in_chans",    "embed_dim",
                                                   "depths",      "mlp_ratio",   "n_div",
                                                   "patch_norm",  "feature_dim", "layer_scale_init_value",
                                                   "norm_layer",  "act_layer"};
/// Arguments without effect on inference, or handled apart.
constexpr llvm::StringLiteral otherArguments[] = {
    "patch_size", "merge_size", "drop_rate",     "drop_path_rate", "pconv_fw_type", "global_pool",
    "img_size",   "pretrained", "output_stride", "fork_feat",      "features_only"};

class TimmReader {
public:
  TimmReader(const Json &document, llvm::StringRef file, Diagnostics &diagnostics)
      : document(document), file(file), diagnostics(diagnostics) {}

  Fields read(ModelDescription &model) {
    checkKnown(document, "", topFields);
    chooseVariant(model);
    for (const char *name : {"name", "image_size", "batch_size", "num_classes", "fork_feat", "global_pool"})
      take(document, "", name, name);
    if (const Json *config = object("pretrained_cfg"))
      readPretrained(*config);
    else if (document.contains("input_size"))
      readInputSize(document["input_size"], "input_size");
    if (const Json *arguments = object("model_args"))
      readArguments(*arguments);
    checkGlobalPool();
    return std::move(fields);
  }

private:
  void checkKnown(const Json &in, const std::string &prefix, llvm::ArrayRef<llvm::StringLiteral> knownNames) {
    llvm::SmallVector<llvm::StringRef> known(knownNames.begin(), knownNames.end());
    for (const auto &[key, value] : in.items())
      if (!llvm::is_contained(known, key))
        reportUnknownField(file, prefix + key, key, known, diagnostics);
  }

  void chooseVariant(ModelDescription &model) {
    const Json &architecture = document["architecture"];
    const std::string *name = architecture.get_ptr<const std::string *>();
    // A tag such as fasternet_t0.in1k says which weights, not which layers.
    llvm::StringRef base = name ? llvm::StringRef(*name).split('.').first : "";
    const Variant *found = llvm::find_if(variants, [&](const Variant &v) { return v.name == base; });
    if (found == std::end(variants)) {
      diagnostics.error(file + ": architecture", "found " + describeJson(architecture) +
                                                     ", expected \"fasternet_t0\", \"fasternet_t1\", "
                                                     "\"fasternet_t2\", \"fasternet_s\", \"fasternet_m\" or "
                                                     "\"fasternet_l\"");
      return;
    }
    model.name = found->name;
    model.embedDim = found->embedDim;
    model.depths.assign(std::begin(found->depths), std::end(found->depths));
    model.activation = found->activation;
  }

  const Json *object(const char *name) {
    if (!document.contains(name))
      return nullptr;
    if (document[name].is_object())
      return &document[name];
    diagnostics.error(file + ": " + name, "found " + describeJson(document[name]) + ", expected an object");
    return nullptr;
  }

  void take(const Json &from, const std::string &prefix, const std::string &key, const std::string &field) {
    if (from.contains(key))
      fields[field] = {from[key], prefix + key};
  }

  void readPretrained(const Json &config) {
    if (config.contains("input_size"))
      readInputSize(config["input_size"], "pretrained_cfg.input_size");
    if (!document.contains("num_classes"))
      take(config, "pretrained_cfg.", "num_classes", "num_classes");
  }

  void readInputSize(const Json &size, const std::string &path) {
    if (!size.is_array() || size.size() != 3) {
      diagnostics.error(file + ": " + path,
                        "found " + describeJson(size) + ", expected [channels, height, width]");
      return;
    }
    fields["in_chans"] = {size[0], path + "[0]"};
    if (document.contains("image_size"))
      return;
    fields["image_size"] = {Json::array({size[1], size[2]}), path + "[1:3]"};
  }

  void readArguments(const Json &arguments) {
    llvm::SmallVector<llvm::StringLiteral> known(std::begin(sharedArguments), std::end(sharedArguments));
    llvm::append_range(known, otherArguments);
    checkKnown(arguments, "model_args.", known);
    for (llvm::StringRef name : sharedArguments)
      take(arguments, "model_args.", name.str(), name.str());
    // timm has one number for the size and the stride of a patch.
    for (const char *field : {"patch_size", "patch_stride"})
      take(arguments, "model_args.", "patch_size", field);
    for (const char *field : {"patch_size2", "patch_stride2"})
      take(arguments, "model_args.", "merge_size", field);
    for (const char *field : {"global_pool", "fork_feat"})
      take(arguments, "model_args.", field, field);
    if (arguments.contains("img_size"))
      take(arguments, "model_args.", "img_size", "image_size");
    readActivation();
  }

  /// timm writes activations in lower case.
  void readActivation() {
    auto field = fields.find("act_layer");
    if (field == fields.end())
      return;
    const std::string *name = std::as_const(field->second.value).get_ptr<const std::string *>();
    if (name && (*name == "relu" || *name == "gelu"))
      field->second.value = llvm::StringRef(*name).upper();
  }

  void checkGlobalPool() {
    auto pool = fields.find("global_pool");
    if (pool != fields.end() && pool->second.value != "avg")
      diagnostics.error(file + ": " + pool->second.path,
                        "found " + describeJson(pool->second.value) + ", expected \"avg\"");
  }

  const Json &document;
  llvm::StringRef file;
  Diagnostics &diagnostics;
  Fields fields;
};

} // namespace

Fields fasternet::timmFields(const Json &document, llvm::StringRef file, ModelDescription &model,
                             Diagnostics &diagnostics) {
  return TimmReader(document, file, diagnostics).read(model);
}
