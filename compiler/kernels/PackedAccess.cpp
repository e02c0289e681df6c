#include "kernels/PackedAccess.h"

#include <numeric>

using namespace Halide;

Type fasternet::halideType(ElementType type) {
  return type == ElementType::BF16 ? BFloat(16) : Float(int(8 * elementBytes(type)));
}

ImageParam fasternet::constantBuffer(const KernelArgument &argument, const std::string &name) {
  ImageParam buffer(halideType(argument.type), int(argument.dimensions.size()), name);
  for (size_t i = 0; i < argument.dimensions.size(); ++i) {
    const BufferDimension &dimension = argument.dimensions[i];
    buffer.dim(int(i)).set_bounds(dimension.min, dimension.extent).set_stride(dimension.stride);
  }
  return buffer;
}

void fasternet::fixOutput(Func output, const KernelArgument &argument) {
  for (size_t i = 0; i < argument.dimensions.size(); ++i) {
    const BufferDimension &dimension = argument.dimensions[i];
    output.output_buffer()
        .dim(int(i))
        .set_bounds(dimension.min, dimension.extent)
        .set_stride(dimension.stride);
  }
}

int64_t fasternet::granuleOf(int64_t channels) {
  return std::gcd(channels, PackedLayout{}.panel);
}

Expr fasternet::PackedAccess::weight(Func packed, Expr output, Expr input, Expr x, Expr y) const {
  const int parts = int(PackedLayout{}.panel) / granule;
  Expr part = output / granule;
  return packed(output % granule + part % parts * granule, input, x, y, part / parts);
}
