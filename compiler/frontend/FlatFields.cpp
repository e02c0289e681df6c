// Field names of the flat description, which are those of the published configuration.
#include "frontend/ModelFields.h"
#include "frontend/StrictJson.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

/// What a description may say about the model.
static constexpr llvm::StringLiteral modelFields[] = {
    "name",          "image_size", "batch_size",   "in_chans",
    "num_classes",   "embed_dim",  "depths",       "mlp_ratio",
    "n_div",         "patch_size", "patch_stride", "patch_size2",
    "patch_stride2", "patch_norm", "feature_dim",  "layer_scale_init_value",
    "norm_layer",    "act_layer",  "fork_feat",
};

/// What the published configuration files hold beside it: training, data and logging, without effect on
/// inference.
static constexpr llvm::StringLiteral trainingFields[] = {
    "model_name",
    "type",
    "drop_path_rate",
    "drop_rate",
    "pconv_fw_type",
    "init_cfg",
    "pretrained",
    "test_crop_ratio",
    "strategy",
    "benchmark",
    "sync_batchnorm",
    "dataset_name",
    "multi_scale",
    "opt",
    "weight_decay",
    "momentum",
    "epochs",
    "clip_grad",
    "precision",
    "sched",
    "lr",
    "blr",
    "warmup_lr",
    "min_lr",
    "warmup_epochs",
    "teacher_model",
    "teacher_path",
    "distillation_type",
    "distillation_alpha",
    "distillation_tau",
    "color_jitter",
    "aa",
    "train_interpolation",
    "smoothing",
    "reprob",
    "remode",
    "recount",
    "mixup",
    "cutmix",
    "cutmix_minmax",
    "mixup_prob",
    "mixup_switch_prob",
    "mixup_mode",
    "seed",
    "num_workers",
};

void fasternet::reportUnknownField(llvm::StringRef file, llvm::StringRef path, llvm::StringRef name,
                                   llvm::ArrayRef<llvm::StringRef> known, Diagnostics &diagnostics) {
  llvm::StringRef nearest;
  // A third of the letters wrong is still likely the same word; more only misleads.
  unsigned best = unsigned(std::min<size_t>(name.size(), 64) / 3 + 1);
  for (llvm::StringRef candidate : known) {
    unsigned distance = name.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  diagnostics.error(file + ": " + printable(path),
                    nearest.empty() ? "unknown field"
                                    : "unknown field, did you mean '" + nearest.str() + "'?");
}

Fields fasternet::flatFields(const nlohmann::ordered_json &document, llvm::StringRef file,
                             Diagnostics &diagnostics) {
  Fields fields;
  llvm::SmallVector<llvm::StringRef> known(std::begin(modelFields), std::end(modelFields));
  llvm::append_range(known, trainingFields);
  for (const auto &[key, value] : document.items()) {
    if (!llvm::is_contained(known, key))
      reportUnknownField(file, key, key, known, diagnostics);
    else
      fields[key] = {value, key};
  }
  // The published files name the architecture so; a description of its own name goes before.
  if (auto named = fields.find("model_name"); named != fields.end() && named->second.value.is_string())
    fields.try_emplace("name", named->second);
  return fields;
}
