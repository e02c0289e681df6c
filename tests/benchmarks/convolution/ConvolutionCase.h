// One 3x3 convolution of the benchmark: stride 1, one image, channels-last, zero border of one pixel around
// the input.
#pragma once

#include "support/CompiledKernel.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet::benchmark {

/// All kinds are a grouped convolution of the first `convolved` of `channels` channels:
///   regular    convolved = channels, 1 group
///   group      convolved = channels, several groups
///   depthwise  convolved = channels = groups
///   partial    convolved < channels, 1 group; the result has the convolved channels alone, as inside a fused
///              block, whose next product reads the others where they are
///   copied     the same, but the result has all channels: the others are copied, as a framework does
/// Text forms (`text`, `parse`): conv3x3-56x56-c96-p24-g1, with -copied or -across behind it.
struct ConvolutionCase {
  /// What one vector of results holds: channels of one group, or one channel of each of several groups. The
  /// latter lie beside each other then, channel i of group a at i * groups + a: a compiler is free to order
  /// the channels between two layers so, and small groups fill a vector in no other way.
  enum class Lanes { WithinGroup, AcrossGroups };

  int64_t height = 0, width = 0, channels = 0, convolved = 0, groups = 1;
  bool copied = false;
  Lanes lanes = Lanes::WithinGroup;

  int64_t groupChannels() const { return convolved / groups; }
  /// Neighbouring channels that vectors run over, and the number of such blocks in a pixel.
  int64_t blockChannels() const { return lanes == Lanes::AcrossGroups ? groups : groupChannels(); }
  int64_t blocks() const { return convolved / blockChannels(); }
  int64_t outputChannels() const { return copied ? channels : convolved; }

  /// Multiply-accumulates of one call; those with the border count.
  int64_t macs() const { return height * width * 9 * convolved * groupChannels(); }
  /// Bytes that must move at least once: channels read and written, and the weights, without padding.
  int64_t bytes() const;

  std::string text() const;
  /// An error says what is wrong with the text or its numbers.
  static llvm::Expected<ConvolutionCase> parse(llvm::StringRef text);
};

/// Input, weight, output. Dimensions, innermost first: channel, x, y; lane, input of the group, kernel x,
/// kernel y, panel (of one block after the other); channel of the block, block, x, y, or where the others are
/// copied channel, x, y.
std::vector<KernelArgument> convolutionArguments(const ConvolutionCase &shape);

/// The right output for the values of tune/KernelCase.h, in the order of the output's dimensions.
std::vector<float> expectedConvolution(const ConvolutionCase &shape);

} // namespace fasternet::benchmark
