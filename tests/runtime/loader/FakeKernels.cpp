// What the fake device computes: kernels whose results tests can foretell.
#include "FakeDriverState.h"

#include <bit>
#include <fstream>
#include <unistd.h>

namespace fake_driver {

/// `count` floats of device memory; what lies outside of allocations is a misuse, and the kernel does
/// nothing.
static float *floats(uint64_t address, size_t count) {
  return reinterpret_cast<float *>(state().at(address, count * sizeof(float)));
}

void runKernel(const Kernel &kernel, const std::vector<uint64_t> &p) {
  state().compiledCodeRan = kernel.isCompiled;
  if (kernel.isCompiled) {
    for (size_t i = 0; i < p.size(); ++i)
      if (kernel.parameterBytes[i] == sizeof(CUdeviceptr))
        state().at(p[i], 1);
    return;
  }
  if (kernel.name == "scale") { // to, from, factor (4 bytes), count (4)
    float *to = floats(p[0], p[3]), *from = floats(p[1], p[3]);
    for (size_t i = 0; to && from && i < p[3]; ++i)
      to[i] = from[i] * std::bit_cast<float>(uint32_t(p[2]));
  } else if (kernel.name == "sum") { // to, a, b, count (8)
    float *to = floats(p[0], p[3]), *a = floats(p[1], p[3]), *b = floats(p[2], p[3]);
    for (size_t i = 0; to && a && b && i < p[3]; ++i)
      to[i] = a[i] + b[i];
  } else if (kernel.name == "negate") { // to, count (2), whether at all (1)
    float *to = floats(p[0], p[1]);
    for (size_t i = 0; to && i < p[1]; ++i)
      to[i] = p[2] ? -to[i] : to[i];
  } else if (kernel.name == "fault") {
    state().isSpoiled = true;
  } else if (kernel.name == "hang") {
    for (;;)
      pause();
  }
}

void giveAnswer(void *bytes, size_t count) {
  if (state().answers.empty() || !state().compiledCodeRan)
    return;
  const std::string name = state().answers + "/" + std::to_string(count);
  std::ifstream file(name + "-after-" + std::to_string(state().firstUpload), std::ios::binary);
  if (!file)
    file.open(name, std::ios::binary);
  file.read(static_cast<char *>(bytes), std::streamsize(count));
}

} // namespace fake_driver
