// The two forms of a description, brought to one set of fields, and the checks that concern several fields at
// once.
#pragma once

#include "frontend/FieldReader.h"
#include "frontend/ModelDescription.h"

namespace fasternet {

/// Collects the fields of a flat description; unknown ones are reported with the nearest known name.
Fields flatFields(const nlohmann::ordered_json &document, llvm::StringRef file, Diagnostics &diagnostics);

/// Collects the fields of timm's config.json and sets `model` to the published variant that `architecture`
/// names.
Fields timmFields(const nlohmann::ordered_json &document, llvm::StringRef file, ModelDescription &model,
                  Diagnostics &diagnostics);

/// Reports `name` as unknown, with the nearest of `known` if one is close.
void reportUnknownField(llvm::StringRef file, llvm::StringRef path, llvm::StringRef name,
                        llvm::ArrayRef<llvm::StringRef> known, Diagnostics &diagnostics);

/// Checks what no single field shows: channels of the partial convolution, pixels of each stage, sizes of
/// tensors.
void checkModelSizes(const ModelDescription &model, const FieldReader &reader, llvm::StringRef file,
                     Diagnostics &diagnostics);

} // namespace fasternet
