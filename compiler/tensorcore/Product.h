// One launch as plain data: a matrix product whose rows are pixels and whose left operand is read in place,
// through the windows of a convolution. No MLIR here, so that what is computed can be read apart from how.
#pragma once

#include "support/KernelSpec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet::tensorcore {

/// The unit of the reduction, a slice: the bytes that a lane copies at once and ldmatrix reads as one row, 8
/// halves or 4 floats.
inline constexpr int64_t sliceBytes = 16;
/// Outputs that lie side by side in packed weights: the columns of one mma.
inline constexpr int64_t panelOutputs = 8;

inline int64_t sliceElements(ElementType type) {
  return sliceBytes / elementBytes(type);
}
inline int64_t divideUp(int64_t value, int64_t divisor) {
  return (value + divisor - 1) / divisor;
}

/// Elements from one image, row or pixel to the next.
struct PixelStrides {
  int64_t image = 0, row = 0, pixel = 0;
};

/// A buffer of the launch with a value per output pixel and channel.
struct PixelBuffer {
  int64_t buffer = 0; ///< index as in LaunchArgument
  int64_t offset = 0; ///< of the first channel of output pixel (0, 0) of image 0, in elements
  PixelStrides strides;
};

/// Steps of the reduction that lie in one buffer, in slices: taps of a window, and in each tap slices of
/// channels. The last slice may reach beyond `channels`; weights are zero there.
struct Segment {
  PixelBuffer values; ///< of tap 0
  int64_t window = 1; ///< pixels of one side; taps are one pixel apart, by tapRow and tapPixel elements
  int64_t tapRow = 0, tapPixel = 0;
  int64_t slices = 0;   ///< of one tap
  int64_t channels = 0; ///< elements of one tap that may be read

  int64_t totalSlices() const { return window * window * slices; }
};

/// result = act(left * weights + bias) + residual, over all pixels of the output.
struct Product {
  std::string name; ///< such as "first": ends the function's name
  ElementType type; ///< of all tensors that it reads and writes: F16, or F32 multiplied as tf32
  int64_t batch = 1, height = 0, width = 0; ///< pixels of the output
  std::vector<Segment> left;                ///< in the order of the weights' inputs
  bool roundLeft = false;                   ///< tf32: the left operand is not rounded yet
  int64_t weights = 0;                      ///< buffer
  int64_t outputs = 0;
  int64_t bias = -1; ///< buffer of f32, padded to whole panels; negative: none
  Activation activation = Activation::None;
  bool hasResidual = false;
  PixelBuffer residual;
  /// Columns from `outputs` to passEnd are copied from `pass` instead: channels that pass a convolution by.
  int64_t passEnd = 0;
  PixelBuffer pass;
  PixelBuffer result;
  int64_t columns = 0;      ///< that are stored: outputs, in intermediates padded to whole slices
  bool roundResult = false; ///< tf32: what the next launch multiplies is rounded where it is made
  /// In a fused kernel: the left operand, or the result, is a buffer of the block's own pixels in shared
  /// memory.
  bool leftIsResident = false, resultIsResident = false;

  int64_t pixels() const { return batch * height * width; }
  int64_t slices() const; ///< of the reduction
  int64_t panels() const { return divideUp(outputs, panelOutputs); }
  int64_t weightElements() const { return panels() * slices() * panelOutputs * sliceElements(type); }
  /// Whether every slice starts at a multiple of 16 bytes, so that it can be copied as one.
  bool leftIsAligned() const;
};

struct Buffer {
  int64_t elements = 0;
  ElementType type = ElementType::F32;
  int64_t bytes() const { return elements * elementBytes(type); }
};

/// A kernel's launches in order, and their buffers: the kernel's arguments, then what lies between launches.
struct ProductList {
  std::vector<Product> products;
  std::vector<Buffer> buffers;
  int64_t arguments = 0; ///< of the buffers
  bool fused = false;    ///< one launch; what lies between products is resident
};

/// One launch per product. `spec` has passed checkTensorCoreKernel.
ProductList productsOf(const KernelSpec &spec);
/// A block's products in one launch, each of whose blocks computes all channels of its pixels. The
/// convolution's buffer then holds all channels of the input, those that pass it by copied.
ProductList fusedProductsOf(const KernelSpec &spec);

} // namespace fasternet::tensorcore
