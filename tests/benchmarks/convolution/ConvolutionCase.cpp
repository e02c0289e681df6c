#include "ConvolutionCase.h"

#include "support/Diagnostics.h"
#include "tune/KernelCase.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>

using namespace fasternet;
using namespace fasternet::benchmark;

namespace {

constexpr int64_t mostExtent = 1 << 20;          // products of three fit 64 bits
constexpr int64_t mostElements = (1u << 31) - 1; // of a tensor; Halide counts in 32 bits

bool readNumber(llvm::StringRef word, llvm::StringRef prefix, int64_t &value) {
  return word.consume_front(prefix) && !word.getAsInteger(10, value) && value >= 1 && value <= mostExtent;
}

BufferDimension dimension(int64_t min, int64_t extent, int64_t stride) {
  return {int32_t(min), int32_t(extent), int32_t(stride)};
}

} // namespace

int64_t ConvolutionCase::bytes() const {
  const int64_t pixels = height * width, rest = copied ? 2 * (channels - convolved) : 0;
  return 4 * (pixels * (2 * convolved + rest) + 9 * convolved * groupChannels());
}

std::string ConvolutionCase::text() const {
  std::string text = "conv3x3-" + std::to_string(height) + "x" + std::to_string(width) + "-c" +
                     std::to_string(channels) + "-p" + std::to_string(convolved) + "-g" +
                     std::to_string(groups);
  return text + (copied ? "-copied" : "") + (lanes == Lanes::AcrossGroups ? "-across" : "");
}

llvm::Expected<ConvolutionCase> ConvolutionCase::parse(llvm::StringRef text) {
  ConvolutionCase shape;
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, '-');
  bool read = words.size() >= 5 && words.size() <= 6 && words[0] == "conv3x3";
  if (read) {
    auto [height, width] = words[1].split('x');
    read = readNumber(height, "", shape.height) && readNumber(width, "", shape.width) &&
           readNumber(words[2], "c", shape.channels) && readNumber(words[3], "p", shape.convolved) &&
           readNumber(words[4], "g", shape.groups);
    shape.copied = words.size() == 6 && words[5] == "copied";
    if (words.size() == 6 && words[5] == "across")
      shape.lanes = Lanes::AcrossGroups;
    read &= words.size() == 5 || shape.copied || shape.lanes == Lanes::AcrossGroups;
  }
  if (!read)
    return inputError("case: found '" + text + "', expected such as conv3x3-56x56-c96-p24-g1, with -copied " +
                      "or -across behind it, no number beyond " + llvm::Twine(mostExtent));
  if (shape.convolved > shape.channels || shape.convolved % shape.groups != 0)
    return inputError("case: found '" + text + "', expected p of at most c, and g a divisor of p");
  if (shape.copied && shape.groups > 1)
    return inputError("case: found '" + text + "', expected g1 with -copied");
  const int64_t inputs = (shape.height + 2) * (shape.width + 2) * shape.channels;
  const int64_t weights =
      9 * shape.groupChannels() * (shape.convolved + shape.blocks() * PackedLayout{}.panel);
  if (std::max(inputs, weights) > mostElements)
    return inputError("case: found '" + text + "', expected tensors of at most " + llvm::Twine(mostElements) +
                      " elements");
  return shape;
}

std::vector<KernelArgument> benchmark::convolutionArguments(const ConvolutionCase &s) {
  const int64_t inputRow = (s.width + 2) * s.channels, pixel = s.outputChannels(), row = s.width * pixel;
  const KernelArgument input{KernelArgument::Role::Input,
                             {dimension(0, s.channels, 1), dimension(-1, s.width + 2, s.channels),
                              dimension(-1, s.height + 2, inputRow)},
                             0,
                             {}};
  // Every block begins a panel. The lanes beyond its channels hold values like the others: they are computed
  // with, but never stored.
  PackedLayout layout{s.blockChannels(), s.groupChannels(), 3, 3};
  layout.outputs = s.blocks() * layout.panels() * layout.panel;
  const int64_t tap = layout.inputs * layout.panel;
  const KernelArgument weight{KernelArgument::Role::Weight,
                              {dimension(0, layout.panel, 1), dimension(0, layout.inputs, layout.panel),
                               dimension(0, 3, tap), dimension(0, 3, 3 * tap),
                               dimension(0, layout.panels(), 9 * tap)},
                              0,
                              layout};
  KernelArgument output{KernelArgument::Role::Output, {}, 0, {}};
  if (s.copied)
    output.dimensions = {dimension(0, s.channels, 1)};
  else
    output.dimensions = {dimension(0, s.blockChannels(), 1), dimension(0, s.blocks(), s.blockChannels())};
  output.dimensions.push_back(dimension(0, s.width, pixel));
  output.dimensions.push_back(dimension(0, s.height, row));
  return {input, weight, output};
}

std::vector<float> benchmark::expectedConvolution(const ConvolutionCase &s) {
  const auto arguments = convolutionArguments(s);
  const float inputScale = valueScale(arguments[0]), weightScale = valueScale(arguments[1]);
  const int64_t columns = s.width + 2, inputs = s.groupChannels(), panel = PackedLayout{}.panel;
  std::vector<float> input(size_t((s.height + 2) * columns * s.channels));
  for (int64_t y = 1; y <= s.height; ++y)
    for (int64_t i = (y * columns + 1) * s.channels; i < (y * columns + 1 + s.width) * s.channels; ++i)
      input[size_t(i)] = madeValue(0, uint64_t(i), inputScale);
  std::vector<float> weights(size_t(tensorElements(arguments[1])));
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = madeValue(1, i, weightScale);

  const int64_t panels = (s.blockChannels() + panel - 1) / panel;
  std::vector<float> output;
  output.reserve(size_t(s.height * s.width * s.outputChannels()));
  std::vector<double> sums(size_t(s.convolved));
  for (int64_t y = 0; y < s.height; ++y)
    for (int64_t x = 0; x < s.width; ++x) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (int64_t tap = 0; tap < 9; ++tap) {
        const float *pixel = &input[size_t(((y + tap / 3) * columns + x + tap % 3) * s.channels)];
        for (int64_t c = 0; c < s.convolved; ++c) {
          const int64_t lane = c % s.blockChannels();
          const bool across = s.lanes == ConvolutionCase::Lanes::AcrossGroups;
          const int64_t from = across ? lane : c / inputs * inputs, stride = across ? s.groups : 1;
          const int64_t place = c / s.blockChannels() * panels + lane / panel;
          const float *weight = &weights[size_t((place * 9 + tap) * inputs * panel + lane % panel)];
          for (int64_t i = 0; i < inputs; ++i)
            sums[size_t(c)] += double(weight[i * panel]) * double(pixel[from + i * stride]);
        }
      }
      output.insert(output.end(), sums.begin(), sums.end());
      const float *rest = &input[size_t(((y + 1) * columns + x + 1) * s.channels)];
      output.insert(output.end(), rest + s.convolved, rest + s.outputChannels());
    }
  return output;
}
