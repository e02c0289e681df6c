#include "support/KernelSpec.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace fasternet;

static llvm::StringRef kindName(KernelKind kind) {
  switch (kind) {
  case KernelKind::PatchConv:
    return "patch_conv";
  case KernelKind::Block:
    return "block";
  case KernelKind::Head:
    return "head";
  case KernelKind::Affine:
    return "affine";
  }
  llvm_unreachable("covered switch");
}

llvm::StringRef fasternet::activationName(Activation activation) {
  switch (activation) {
  case Activation::None:
    return "none";
  case Activation::Relu:
    return "relu";
  case Activation::Gelu:
    return "gelu";
  }
  llvm_unreachable("covered switch");
}

int64_t fasternet::elementBytes(ElementType type) {
  return type == ElementType::F32 || type == ElementType::TF32 ? 4 : 2;
}

llvm::StringRef fasternet::elementName(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "f32";
  case ElementType::F16:
    return "f16";
  case ElementType::BF16:
    return "bf16";
  case ElementType::TF32:
    return "tf32";
  }
  llvm_unreachable("covered switch");
}

/// How the text of a spec names the weights' type.
static llvm::StringRef weightsName(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "w32";
  case ElementType::F16:
    return "w16";
  case ElementType::BF16:
    return "wb16";
  case ElementType::TF32:
    return "wtf32";
  }
  llvm_unreachable("covered switch");
}

static std::optional<ElementType> weightsNamed(llvm::StringRef name) {
  for (ElementType type : {ElementType::F32, ElementType::F16, ElementType::BF16, ElementType::TF32})
    if (weightsName(type) == name)
      return type;
  return std::nullopt;
}

std::optional<ElementType> fasternet::elementNamed(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<ElementType>>(name)
      .Case("f32", ElementType::F32)
      .Case("f16", ElementType::F16)
      .Case("bf16", ElementType::BF16)
      .Case("tf32", ElementType::TF32)
      .Default(std::nullopt);
}

ElementType KernelSpec::inputType() const {
  return inputLayout == TensorLayout::NCHW ? ElementType::F32 : activations;
}

ElementType KernelSpec::outputType() const {
  return kind == KernelKind::Head || kind == KernelKind::Affine ? ElementType::F32 : activations;
}

ElementType KernelSpec::computeType() const {
  return kind == KernelKind::Head || kind == KernelKind::Affine ? ElementType::F32 : activations;
}

int64_t KernelSpec::inputBorder() const {
  return inputLayout == TensorLayout::NHWC ? borderPixels : 0;
}

int64_t KernelSpec::outputBorder() const {
  return kind == KernelKind::PatchConv || kind == KernelKind::Block ? borderPixels : 0;
}

int64_t KernelSpec::outputHeight() const {
  if (kind == KernelKind::PatchConv)
    return (height - kernel) / stride + 1;
  return kind == KernelKind::Head ? 1 : height;
}

int64_t KernelSpec::outputWidth() const {
  if (kind == KernelKind::PatchConv)
    return (width - kernel) / stride + 1;
  return kind == KernelKind::Head ? 1 : width;
}

int64_t KernelSpec::outputChannels() const {
  switch (kind) {
  case KernelKind::PatchConv:
    return outputs;
  case KernelKind::Head:
    return outputs ? outputs : features;
  default:
    return channels;
  }
}

int64_t KernelSpec::macs() const {
  switch (kind) {
  case KernelKind::PatchConv:
    return batch * outputHeight() * outputWidth() * outputs * channels * kernel * kernel;
  case KernelKind::Block:
    return batch * height * width * (9 * partial * partial + 2 * channels * hidden);
  case KernelKind::Head:
    return batch * features * (channels + outputs);
  case KernelKind::Affine:
    return 0; // a norm that cannot be folded; the published count does not include it
  }
  llvm_unreachable("covered switch");
}

int64_t KernelSpec::bytes() const {
  const int64_t input = batch * height * width * channels;
  const int64_t output = batch * outputHeight() * outputWidth() * outputChannels();
  return input * elementBytes(inputType()) + output * elementBytes(outputType()) + weightBytes();
}

int64_t KernelSpec::weightBytes() const {
  int64_t weight = 0;
  switch (kind) {
  case KernelKind::PatchConv:
    weight = outputs * channels * kernel * kernel + outputs;
    break;
  case KernelKind::Block:
    weight = 9 * partial * partial + 2 * channels * hidden + hidden;
    break;
  case KernelKind::Head:
    weight = features * (channels + outputs) + outputs;
    break;
  case KernelKind::Affine:
    weight = 2 * channels;
    break;
  }
  return weight * elementBytes(weights);
}

std::string KernelSpec::text() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << kindName(kind) << "-n" << batch << '-' << height << 'x' << width << "-c" << channels;
  if (kind == KernelKind::Block)
    os << "-p" << partial << "-h" << hidden;
  if (kind == KernelKind::Head)
    os << "-f" << features;
  if (kind == KernelKind::Head || kind == KernelKind::PatchConv)
    os << "-o" << outputs;
  if (kind == KernelKind::PatchConv)
    os << "-k" << kernel << "-s" << stride << (inputLayout == TensorLayout::NCHW ? "-nchw" : "-nhwc");
  if (kind == KernelKind::Block || kind == KernelKind::Head)
    os << '-' << activationName(activation);
  os << '-' << elementName(activations) << '-' << weightsName(weights);
  return text;
}

llvm::Expected<KernelSpec> KernelSpec::parse(llvm::StringRef text) {
  KernelSpec spec;
  auto fail = [&](const llvm::Twine &why) { return inputError("kernel '" + text + "': " + why); };
  llvm::SmallVector<llvm::StringRef> fields;
  text.split(fields, '-');
  auto kind = llvm::StringSwitch<int>(fields[0])
                  .Case("patch_conv", int(KernelKind::PatchConv))
                  .Case("block", int(KernelKind::Block))
                  .Case("head", int(KernelKind::Head))
                  .Case("affine", int(KernelKind::Affine))
                  .Default(-1);
  if (kind < 0)
    return fail("unknown kind, expected patch_conv, block, head or affine");
  spec.kind = KernelKind(kind);

  // Every form is rebuilt from what was read and compared at the end, so a field that does not belong to the
  // kind, stands twice or out of order is refused there.
  auto number = [](llvm::StringRef digits, int64_t &value) { return !digits.getAsInteger(10, value); };
  for (size_t i = 1; i < fields.size(); ++i) {
    const llvm::StringRef field = fields[i];
    // The element types end the text; before them f32 is a head with 32 features.
    const bool types = i + 2 >= fields.size();
    llvm::StringRef height, width, rest = field.drop_front(field.empty() ? 0 : 1);
    std::tie(height, width) = field.split('x');
    bool known = true;
    if (field == "relu" || field == "gelu" || field == "none")
      spec.activation = field == "relu"   ? Activation::Relu
                        : field == "gelu" ? Activation::Gelu
                                          : Activation::None;
    else if (field == "nchw" || field == "nhwc")
      spec.inputLayout = field == "nchw" ? TensorLayout::NCHW : TensorLayout::NHWC;
    else if (types && elementNamed(field) && field != "tf32")
      spec.activations = *elementNamed(field);
    else if (weightsNamed(field))
      spec.weights = *weightsNamed(field);
    else if (!width.empty())
      known = number(height, spec.height) && number(width, spec.width);
    else if (field.starts_with("n"))
      known = number(rest, spec.batch);
    else if (field.starts_with("c"))
      known = number(rest, spec.channels);
    else if (field.starts_with("p"))
      known = number(rest, spec.partial);
    else if (field.starts_with("h"))
      known = number(rest, spec.hidden);
    else if (field.starts_with("f"))
      known = number(rest, spec.features);
    else if (field.starts_with("o"))
      known = number(rest, spec.outputs);
    else if (field.starts_with("k"))
      known = number(rest, spec.kernel);
    else if (field.starts_with("s"))
      known = number(rest, spec.stride);
    else
      known = false;
    if (!known)
      return fail("cannot read field '" + field + "'");
  }
  const bool conv = spec.kind == KernelKind::PatchConv;
  if (spec.batch < 1 || spec.height < 1 || spec.width < 1 || spec.channels < 1 || (conv && spec.stride < 1) ||
      (conv && (spec.kernel < 1 || spec.kernel > spec.height || spec.kernel > spec.width)))
    return fail("sizes must be positive and the window must fit the input");
  if (spec.text() != text)
    return fail("expected the form " + spec.text());
  return spec;
}
