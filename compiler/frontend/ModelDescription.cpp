#include "frontend/ModelDescription.h"
#include "frontend/ModelFields.h"
#include "frontend/StrictJson.h"
#include "support/Files.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace fasternet;

/// floor((size - kernel) / stride) + 1, or 0 where the window does not fit.
static int64_t pixelsAfter(int64_t size, int64_t kernel, int64_t stride) {
  return size < kernel ? 0 : (size - kernel) / stride + 1;
}

static int64_t stagePixels(int64_t image, const ModelDescription &model, int64_t stage) {
  int64_t pixels = pixelsAfter(image, model.patchSize, model.patchStride);
  for (int64_t i = 0; i < stage; ++i)
    pixels = pixelsAfter(pixels, model.patchSize2, model.patchStride2);
  return pixels;
}

int64_t ModelDescription::stageHeight(int64_t stage) const {
  return stagePixels(imageHeight, *this, stage);
}
int64_t ModelDescription::stageWidth(int64_t stage) const {
  return stagePixels(imageWidth, *this, stage);
}

std::string fasternet::identifierFor(llvm::StringRef text) {
  static constexpr llvm::StringLiteral keywords[] = {
      "alignas",
      "alignof",
      "and",
      "and_eq",
      "asm",
      "auto",
      "bitand",
      "bitor",
      "bool",
      "break",
      "case",
      "catch",
      "char",
      "char8_t",
      "char16_t",
      "char32_t",
      "class",
      "co_await",
      "co_return",
      "co_yield",
      "compl",
      "concept",
      "const",
      "const_cast",
      "consteval",
      "constexpr",
      "constinit",
      "continue",
      "decltype",
      "default",
      "delete",
      "do",
      "double",
      "dynamic_cast",
      "else",
      "enum",
      "explicit",
      "export",
      "extern",
      "false",
      "float",
      "for",
      "friend",
      "goto",
      "if",
      "inline",
      "int",
      "long",
      "mutable",
      "namespace",
      "new",
      "noexcept",
      "not",
      "not_eq",
      "nullptr",
      "operator",
      "or",
      "or_eq",
      "private",
      "protected",
      "public",
      "register",
      "reinterpret_cast",
      "requires",
      "restrict",
      "return",
      "short",
      "signed",
      "sizeof",
      "static",
      "static_assert",
      "static_cast",
      "struct",
      "switch",
      "template",
      "this",
      "thread_local",
      "throw",
      "true",
      "try",
      "typedef",
      "typeid",
      "typename",
      "typeof",
      "union",
      "unsigned",
      "using",
      "virtual",
      "void",
      "volatile",
      "wchar_t",
      "while",
      "xor",
      "xor_eq",
  };
  std::string result;
  for (char c : text)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result[0]))
    result.insert(0, "m");
  if (llvm::is_contained(keywords, result))
    result += '_';
  return result;
}

/// Ranges are far beyond any model in use; they keep every later product inside 64 bits.
static void readFields(FieldReader &reader, ModelDescription &model) {
  std::string name = model.name, norm, activation;
  reader.string("name", 100, name);
  model.name = identifierFor(name);
  reader.extent("image_size", 1, 65536, model.imageHeight, model.imageWidth);
  reader.integer("batch_size", 1, 65536, model.batchSize);
  reader.integer("in_chans", 1, 65536, model.inChans);
  reader.integer("num_classes", -1, 1000000, model.numClasses);
  reader.integer("embed_dim", 1, 65536, model.embedDim);
  reader.integers("depths", 16, 1, 1000, model.depths);
  reader.number("mlp_ratio", 0, /*inclusive=*/false, 1024, model.mlpRatio);
  reader.integer("n_div", 1, 65536, model.nDiv);
  reader.integer("patch_size", 1, 1024, model.patchSize);
  reader.integer("patch_stride", 1, 1024, model.patchStride);
  reader.integer("patch_size2", 1, 1024, model.patchSize2);
  reader.integer("patch_stride2", 1, 1024, model.patchStride2);
  reader.boolean("patch_norm", model.patchNorm);
  reader.integer("feature_dim", 1, 1000000, model.featureDim);
  reader.number("layer_scale_init_value", 0, /*inclusive=*/true, 1000000, model.layerScaleInitValue);
  reader.choice("norm_layer", {"BN"}, ": batch norm is the only one that the published model has", norm);
  reader.choice("act_layer", {"RELU", "GELU"}, "", activation);
  if (!activation.empty())
    model.activation = activation == "GELU" ? Activation::Gelu : Activation::Relu;
  reader.boolean("fork_feat", model.forkFeat);
}

std::optional<ModelDescription> fasternet::parseModelDescription(llvm::StringRef json, llvm::StringRef path,
                                                                 Diagnostics &diagnostics) {
  auto document = parseStrictJson(json, path, JsonLimits(), diagnostics);
  if (!document)
    return std::nullopt;
  if (!document->is_object()) {
    diagnostics.error(path, "found " + describeJson(*document) + ", expected a JSON object");
    return std::nullopt;
  }
  Diagnostics found;
  ModelDescription model;
  model.name = llvm::sys::path::stem(path);
  Fields fields = document->contains("architecture") ? timmFields(*document, path, model, found)
                                                     : flatFields(*document, path, found);
  FieldReader reader(fields, path, found);
  readFields(reader, model);
  // Sizes follow from all fields: with one of them wrong they would only repeat its message.
  if (!found.hasErrors())
    checkModelSizes(model, reader, path, found);

  // timm's patch_size stands for two fields, which fail together.
  std::set<std::string> told;
  for (const Diagnostic &d : found.all())
    if (told.insert(d.place + '\n' + d.message).second)
      d.severity == Diagnostic::Severity::Error ? diagnostics.error(d.place, d.message)
                                                : diagnostics.warning(d.place, d.message);
  if (found.hasErrors())
    return std::nullopt;
  return model;
}

std::optional<ModelDescription> fasternet::loadModelDescription(llvm::StringRef path,
                                                                Diagnostics &diagnostics) {
  auto buffer = mapFile(path);
  if (!buffer) {
    diagnostics.error("", llvm::toString(buffer.takeError()));
    return std::nullopt;
  }
  return parseModelDescription((*buffer)->getBuffer(), path, diagnostics);
}
