// Code for the fake device: images in text form, and kernels whose results tests can foretell.
#include "FakeDriverState.h"

#include <bit>
#include <sstream>

namespace fake_driver {

Image parseImage(const char *text) {
  std::istringstream lines(text);
  Image image;
  std::getline(lines, image.head);
  std::istringstream head(image.head);
  std::string kind;
  head >> kind >> image.capability;
  image.machineCode = kind == "CUBIN";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Kernel kernel;
    words >> kernel.name;
    for (size_t bytes; words >> bytes;)
      kernel.parameterBytes.push_back(bytes);
    image.kernels.push_back(kernel);
  }
  return image;
}

/// `count` floats of device memory; what lies outside of allocations is a misuse, and the kernel does
/// nothing.
static float *floats(uint64_t address, size_t count) {
  return reinterpret_cast<float *>(state().at(address, count * sizeof(float)));
}

void runKernel(const Kernel &kernel, const std::vector<uint64_t> &p) {
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
  }
}

} // namespace fake_driver
