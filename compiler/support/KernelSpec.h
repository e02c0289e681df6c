// What one generated kernel computes: the plain data that goes from the IR down to code generation. Its text
// form is also the key of a tuning record and the kernel's name in listings.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fasternet {

enum class KernelKind { PatchConv, Block, Head, Affine };
enum class Activation { None, Relu, Gelu };
/// TF32: a float whose mantissa is rounded to 10 bits, as tensor cores read it; weights only.
enum class ElementType { F32, F16, BF16, TF32 };
enum class TensorLayout { NHWC, NCHW };

/// Shapes are those of the kernel's input, without border. Every NHWC tensor that a kernel reads or writes
/// carries a border of borderPixels pixels on each side (zero, never written by a kernel); NCHW tensors and
/// vectors carry none. Unused fields are zero (or None).
///
/// Text forms (`text`, `parse`), by kind:
///   patch_conv-n1-224x224-c3-o96-k4-s4-nchw-f32-w32   patch embedding: reads the model's NCHW input
///   patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f32-w32   merging: no padding, bias, no activation
///   block-n1-56x56-c96-p24-h192-relu-f32-w32          y = x + W2 act(W1 PConv3x3(x) + b1)
///   head-n1-7x7-c768-f1280-o1000-relu-f32-w32         mean over pixels, W1, act, W2 + b2 (o0: no classifier)
///   affine-n1-56x56-c96-f32-w32                       scale and bias per channel, NHWC to NCHW
/// In half precision -f16-w16 ends the text, on tensor cores that multiply tf32 -f32-wtf32.
struct KernelSpec {
  KernelKind kind = KernelKind::Block;
  int64_t batch = 1;
  int64_t height = 0, width = 0;  ///< pixels of the input, without border
  int64_t channels = 0;           ///< channels of the input
  int64_t outputs = 0;            ///< patch_conv: output channels; head: classes, 0 without a classifier
  int64_t partial = 0;            ///< block: channels of the partial convolution, the first of each pixel
  int64_t hidden = 0;             ///< block: channels between the two pointwise products
  int64_t features = 0;           ///< head: values between the two products
  int64_t kernel = 0, stride = 0; ///< patch_conv: square window, in pixels
  TensorLayout inputLayout = TensorLayout::NHWC;
  Activation activation = Activation::None;
  ElementType activations = ElementType::F32; ///< element type of the tensors between kernels
  ElementType weights = ElementType::F32;     ///< element type of the packed weights

  static constexpr int64_t borderPixels = 1;

  /// Element types of the input and of the output: those of the model's own tensors, which only kernels at
  /// its border see, are f32 whatever the kernel computes with.
  ElementType inputType() const;
  ElementType outputType() const;
  /// Element type of products and their sums. What a head or affine kernel reads is widened to f32.
  ElementType computeType() const;
  /// Border of the input and of the output in pixels: borderPixels for NHWC, 0 for NCHW and vectors.
  int64_t inputBorder() const;
  int64_t outputBorder() const;
  /// Pixels of the output, without border; 1 x 1 for a head.
  int64_t outputHeight() const;
  int64_t outputWidth() const;
  /// Channels of the output; for a head the number of values per image.
  int64_t outputChannels() const;
  /// Multiply-accumulates of the published model for the whole batch (padding of panels and borders not
  /// counted).
  int64_t macs() const;
  /// Bytes that must move at least once: input, output and weights, without padding and borders.
  int64_t bytes() const;
  /// Of them those of the weights.
  int64_t weightBytes() const;

  std::string text() const;
  static llvm::Expected<KernelSpec> parse(llvm::StringRef text);
  bool operator==(const KernelSpec &) const = default;
};

/// "relu", "gelu" or "none".
llvm::StringRef activationName(Activation activation);
/// Bytes of one element.
int64_t elementBytes(ElementType type);
/// "f32", "f16", "bf16" or "tf32".
llvm::StringRef elementName(ElementType type);
/// The type of that name, or nothing.
std::optional<ElementType> elementNamed(llvm::StringRef name);

} // namespace fasternet
