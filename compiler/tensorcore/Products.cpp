// The launches of each kernel kind. A block takes three: the partial convolution, whose taps are steps of a
// product over shifted pixels; the first product over the convolved channels and the others of the input; the
// second.
#include "tensorcore/Product.h"

#include "tensorcore/TensorCore.h"

#include "llvm/Support/ErrorHandling.h"

using namespace fasternet;
using namespace fasternet::tensorcore;

int64_t Product::slices() const {
  int64_t slices = 0;
  for (const Segment &segment : left)
    slices += segment.totalSlices();
  return slices;
}

bool Product::leftIsAligned() const {
  const int64_t slice = sliceElements(type);
  for (const Segment &segment : left)
    for (int64_t stride : {segment.values.offset, segment.values.strides.image, segment.values.strides.row,
                           segment.values.strides.pixel, segment.tapRow, segment.tapPixel})
      if (stride % slice)
        return false;
  return true;
}

namespace {

/// An NHWC tensor with border, read at the pixel itself. `dimensions` are those of its argument.
PixelBuffer tensorPixels(int64_t buffer, const KernelArgument &argument) {
  const auto &d = argument.dimensions;
  return {buffer,
          KernelSpec::borderPixels * (d[1].stride + d[2].stride),
          {d[3].stride, d[2].stride, d[1].stride}};
}

/// A dense buffer between launches.
PixelBuffer densePixels(int64_t buffer, const KernelSpec &spec, int64_t channels) {
  return {buffer, 0, {spec.height * spec.width * channels, spec.width * channels, channels}};
}

PixelBuffer shifted(PixelBuffer pixels, int64_t elements) {
  pixels.offset += elements;
  return pixels;
}

ProductList listOf(std::vector<Product> products, const std::vector<KernelArgument> &arguments) {
  ProductList list{std::move(products), {}, int64_t(arguments.size())};
  for (const KernelArgument &argument : arguments) {
    const BufferDimension &outermost = argument.dimensions.back();
    list.buffers.push_back({argument.role == KernelArgument::Role::Weight
                                ? argument.layout.packedElements()
                                : int64_t(outermost.extent) * outermost.stride,
                            argument.type});
  }
  return list;
}

Product productFor(const KernelSpec &spec, const char *name) {
  Product product{.name = name, .type = spec.activations, .batch = spec.batch};
  product.height = spec.outputHeight(), product.width = spec.outputWidth();
  return product;
}

ProductList mergingProducts(const KernelSpec &spec) {
  const std::vector<KernelArgument> arguments = tensorCoreArguments(spec);
  const int64_t slice = sliceElements(spec.activations);
  const PixelBuffer input = tensorPixels(0, arguments[0]);
  Segment window{
      .values = input, .window = spec.kernel, .tapRow = input.strides.row, .tapPixel = input.strides.pixel};
  window.values.strides.row *= spec.stride, window.values.strides.pixel *= spec.stride;
  window.slices = divideUp(spec.channels, slice), window.channels = spec.channels;

  Product product = productFor(spec, "product");
  product.left = {window}, product.roundLeft = spec.weights == ElementType::TF32;
  product.weights = 1, product.outputs = spec.outputs, product.bias = 2;
  product.result = tensorPixels(3, arguments[3]), product.columns = spec.outputs;
  return listOf({product}, arguments);
}

ProductList blockProducts(const KernelSpec &spec) {
  const std::vector<KernelArgument> arguments = tensorCoreArguments(spec);
  const int64_t slice = sliceElements(spec.activations), pixels = spec.batch * spec.height * spec.width;
  const bool tf32 = spec.weights == ElementType::TF32;
  const int64_t convolvedBuffer = int64_t(arguments.size()), hiddenBuffer = convolvedBuffer + 1;
  const PixelBuffer input = tensorPixels(0, arguments[0]), output = tensorPixels(5, arguments[5]);
  // Whole slices: what fills up the last one are the channels that pass the convolution by, and zeros beyond
  // the input's.
  const int64_t convolved = divideUp(spec.partial, slice) * slice,
                hidden = divideUp(spec.hidden, slice) * slice;
  const int64_t rest = std::max<int64_t>(0, spec.channels - convolved);

  Product partial = productFor(spec, "partial");
  Segment window{.values = shifted(input, -input.strides.row - input.strides.pixel), .window = 3};
  window.tapRow = input.strides.row, window.tapPixel = input.strides.pixel;
  window.slices = convolved / slice, window.channels = std::min(convolved, spec.channels);
  partial.left = {window}, partial.roundLeft = tf32;
  partial.weights = 1, partial.outputs = spec.partial;
  partial.pass = input, partial.passEnd = std::min(convolved, spec.channels);
  partial.result = densePixels(convolvedBuffer, spec, convolved), partial.columns = convolved;
  partial.roundResult = tf32;

  Product first = productFor(spec, "first");
  first.left = {{.values = densePixels(convolvedBuffer, spec, convolved),
                 .slices = convolved / slice,
                 .channels = convolved}};
  if (rest > 0)
    first.left.push_back(
        {.values = shifted(input, convolved), .slices = divideUp(rest, slice), .channels = rest});
  first.roundLeft = tf32;
  first.weights = 2, first.outputs = spec.hidden, first.bias = 3, first.activation = spec.activation;
  first.result = densePixels(hiddenBuffer, spec, hidden), first.columns = hidden;
  first.roundResult = tf32;

  Product second = productFor(spec, "second");
  second.left = {
      {.values = densePixels(hiddenBuffer, spec, hidden), .slices = hidden / slice, .channels = hidden}};
  second.weights = 4, second.outputs = spec.channels;
  second.hasResidual = true, second.residual = input;
  second.result = output, second.columns = spec.channels;
  ProductList list = listOf({partial, first, second}, arguments);
  list.buffers.push_back({pixels * convolved, spec.activations});
  list.buffers.push_back({pixels * hidden, spec.activations});
  return list;
}

} // namespace

ProductList tensorcore::productsOf(const KernelSpec &spec) {
  switch (spec.kind) {
  case KernelKind::PatchConv:
    return mergingProducts(spec);
  case KernelKind::Block:
    return blockProducts(spec);
  default:
    llvm_unreachable("checkTensorCoreKernel refuses other kinds");
  }
}

ProductList tensorcore::fusedProductsOf(const KernelSpec &spec) {
  ProductList list = blockProducts(spec);
  list.fused = true;
  list.buffers.resize(size_t(list.arguments));
  Product &partial = list.products[0], &first = list.products[1], &second = list.products[2];
  partial.resultIsResident = first.leftIsResident = first.resultIsResident = second.leftIsResident = true;
  const int64_t slices = first.slices();
  first.left.resize(1);
  first.left[0].slices = slices;
  return list;
}
