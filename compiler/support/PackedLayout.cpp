#include "support/PackedLayout.h"

#include <cassert>

using namespace fasternet;

std::vector<float> fasternet::pack(llvm::ArrayRef<float> source, const PackedLayout &layout) {
  assert(int64_t(source.size()) == layout.sourceElements() && "the layout must describe the source");
  const int64_t window = layout.kernelHeight * layout.kernelWidth;
  std::vector<float> packed(layout.packedElements());
  for (int64_t output = 0; output < layout.outputs; ++output)
    for (int64_t input = 0; input < layout.inputs; ++input)
      for (int64_t tap = 0; tap < window; ++tap)
        packed[layout.packedIndex(output, input, tap)] =
            source[(output * layout.inputs + input) * window + tap];
  return packed;
}
