#include "KernelData.h"
#include "kernels/KernelArguments.h"
#include "reference/primitives/Layout.h"
#include "tune/KernelReference.h"

#include <bit>
#include <cmath>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace fasternet;

namespace {

const float canary = std::bit_cast<float>(0x7fc0beefu);

bool isCanary(float value) {
  return std::bit_cast<uint32_t>(value) == 0x7fc0beefu;
}

/// Elements of the tensor that an argument lies in.
int64_t slotElements(const KernelSpec &spec, const KernelArgument &argument) {
  if (argument.role == KernelArgument::Role::Weight)
    return argument.layout.packedElements();
  const BufferDimension &outer = argument.dimensions.back();
  return int64_t(outer.extent) *
         (spec.kind == KernelKind::Head && argument.role == KernelArgument::Role::Output
              ? spec.outputChannels()
              : int64_t(outer.stride));
}

/// Uniform in (-1, 1): a multiplicative generator is enough to tell any two elements apart.
class Values {
public:
  float operator()(double scale) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return float((double(state >> 40) / double(1 << 23) - 1.0) * scale);
  }

private:
  uint64_t state = 7;
};

} // namespace

GuardedFloats::GuardedFloats(int64_t count, Flush flush) : count(count) {
  const size_t page = size_t(sysconf(_SC_PAGESIZE)), bytes = size_t(count) * sizeof(float);
  const size_t inner = (bytes + page - 1) / page * page;
  mappedBytes = inner + 2 * page;
  mapping = mmap(nullptr, mappedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *begin = static_cast<char *>(mapping) + page;
  if (mapping == MAP_FAILED || mprotect(begin, inner, PROT_READ | PROT_WRITE) != 0)
    throw std::runtime_error("cannot map guarded memory");
  first = reinterpret_cast<float *>(flush == Flush::Front ? begin : begin + inner - bytes);
}

GuardedFloats::GuardedFloats(GuardedFloats &&other) noexcept
    : mapping(std::exchange(other.mapping, nullptr)), mappedBytes(other.mappedBytes), first(other.first),
      count(other.count) {}

GuardedFloats::~GuardedFloats() {
  if (mapping)
    munmap(mapping, mappedBytes);
}

KernelData::KernelData(const KernelSpec &spec, GuardedFloats::Flush flush)
    : spec(spec), arguments(kernelArguments(spec)) {
  Values values;
  for (const KernelArgument &argument : arguments) {
    GuardedFloats &tensor = tensors.emplace_back(slotElements(spec, argument), flush);
    std::vector<float> &source = sources.emplace_back();
    if (argument.role == KernelArgument::Role::Weight) {
      const PackedLayout &layout = argument.layout;
      const int64_t fanIn = layout.sourceElements() / layout.outputs;
      source.resize(size_t(layout.sourceElements()));
      for (float &value : source)
        value = values(std::sqrt(3.0 / double(fanIn)));
      const std::vector<float> packed = pack(source, layout);
      std::copy(packed.begin(), packed.end(), tensor.floats().begin());
    } else if (argument.role == KernelArgument::Role::Input) {
      source.resize(size_t(spec.batch * spec.channels * spec.height * spec.width));
      for (float &value : source)
        value = values(2);
      const int64_t border = spec.inputBorder(), rows = spec.height + 2 * border,
                    columns = spec.width + 2 * border;
      std::span<float> floats = tensor.floats();
      for (size_t i = 0; i < source.size(); ++i) {
        const int64_t x = int64_t(i) % spec.width, y = int64_t(i) / spec.width % spec.height;
        const int64_t c = int64_t(i) / (spec.width * spec.height) % spec.channels;
        const int64_t n = int64_t(i) / (spec.width * spec.height * spec.channels);
        floats[spec.inputLayout == TensorLayout::NCHW
                   ? i
                   : size_t(((n * rows + y + border) * columns + x + border) * spec.channels + c)] =
            source[i];
      }
    }
  }
  clearOutput();
}

std::vector<float *> KernelData::pointers() const {
  std::vector<float *> pointers;
  for (size_t i = 0; i < arguments.size(); ++i)
    pointers.push_back(tensors[i].floats().data() + arguments[i].elementOffset);
  return pointers;
}

std::vector<const float *> KernelData::addresses() const {
  std::vector<const float *> addresses;
  for (const GuardedFloats &tensor : tensors)
    addresses.push_back(tensor.floats().data());
  return addresses;
}

void KernelData::forEachOutput(auto visit) const {
  std::vector<BufferDimension> d = arguments.back().dimensions;
  d.resize(4, BufferDimension{0, 1, 0});
  for (int64_t l = 0; l < d[3].extent; ++l)
    for (int64_t k = 0; k < d[2].extent; ++k)
      for (int64_t j = 0; j < d[1].extent; ++j)
        for (int64_t i = 0; i < d[0].extent; ++i)
          visit(size_t(arguments.back().elementOffset + i * d[0].stride + j * d[1].stride + k * d[2].stride +
                       l * d[3].stride));
}

std::vector<float> KernelData::output() const {
  std::vector<float> values;
  std::span<float> floats = tensors.back().floats();
  forEachOutput([&](size_t index) { values.push_back(floats[index]); });
  return values;
}

int64_t KernelData::spoiledElements() const {
  std::span<float> floats = tensors.back().floats();
  std::vector<bool> interior(floats.size());
  forEachOutput([&](size_t index) { interior[index] = true; });
  int64_t spoiled = 0;
  for (size_t i = 0; i < floats.size(); ++i)
    spoiled += !interior[i] && !isCanary(floats[i]);
  return spoiled;
}

void KernelData::clearOutput() {
  for (float &value : tensors.back().floats())
    value = canary;
}

std::vector<double> KernelData::reference() const {
  const reference::Tensor output = referenceKernel(
      spec, reference::fromNchw(sources[0], spec.batch, spec.channels, spec.height, spec.width), sources);
  // Only the norms of feature outputs write NCHW.
  return spec.kind == KernelKind::Affine ? reference::toNchw(output) : output.values;
}
