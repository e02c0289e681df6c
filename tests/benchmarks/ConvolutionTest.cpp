// Every kind of the benchmark's convolution computes the right values with every schedule that its search may
// try first, inside its tensors.
#include "convolution/ConvolutionSubject.h"
#include "driver/MeasuringLink.h"

#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

using namespace fasternet;
using namespace fasternet::benchmark;

namespace {

MeasuringOptions quickOptions(const Target &target) {
  MeasuringOptions options{.rounds = 1, .windowSeconds = 1e-4, .limitSeconds = 5};
  options.link = [&target](const MeasuringParts &parts, const std::string &program) {
    return linkMeasuringProgram("cc", target.triple, parts, program);
  };
  return options;
}

class ConvolutionKinds : public testing::TestWithParam<const char *> {};

TEST_P(ConvolutionKinds, AreRightWithEverySchedule) {
  const ConvolutionCase shape = llvm::cantFail(ConvolutionCase::parse(GetParam()));
  EXPECT_EQ(shape.text(), GetParam());
  const Target &target = *hostTarget();
  const SearchSubject subject = convolutionSubject(shape, target);
  std::vector<std::string> points = {llvm::cantFail(subject.parameters(""))};
  for (std::string &point : subject.steps(points[0]))
    points.push_back(std::move(point));
  // Each compiles in 0.1 s or more: every third is enough to meet all members.
  std::vector<CompiledKernel> kernels;
  for (size_t i = 0; i < points.size(); i += 3) {
    auto kernel = subject.compile("candidate_" + std::to_string(i), points[i]);
    ASSERT_TRUE(bool(kernel)) << points[i] << ": " << llvm::toString(kernel.takeError());
    kernels.push_back(std::move(*kernel));
  }
  auto batch = measureBatch(target, kernels, subject.expected(), quickOptions(target));
  ASSERT_TRUE(bool(batch)) << llvm::toString(batch.takeError());
  for (size_t i = 0; i < kernels.size(); ++i)
    EXPECT_EQ(batch->candidates[i].status, CandidateResult::Status::Ok)
        << kernels[i].schedule << ": " << batch->candidates[i].why;
}

INSTANTIATE_TEST_SUITE_P(Shapes, ConvolutionKinds,
                         testing::Values("conv3x3-6x8-c24-p24-g1", "conv3x3-7x7-c40-p10-g1",
                                         "conv3x3-6x6-c40-p40-g8", "conv3x3-8x5-c96-p96-g4",
                                         "conv3x3-7x9-c40-p40-g40-across", "conv3x3-6x6-c48-p48-g16-across",
                                         "conv3x3-6x8-c48-p12-g1-copied"),
                         [](const auto &instance) {
                           std::string name = instance.param;
                           for (char &c : name)
                             c = llvm::isAlnum(c) ? c : '_';
                           return name;
                         });

TEST(ConvolutionCase, CountsWhatThePaperCounts) {
  // 9 h w p^2 for a partial convolution; a quarter of the channels is a sixteenth of the regular one.
  const auto partial = llvm::cantFail(ConvolutionCase::parse("conv3x3-56x56-c96-p24-g1"));
  EXPECT_EQ(partial.macs(), 56 * 56 * 9 * 24 * 24);
  EXPECT_EQ(partial.bytes(), 4 * (56 * 56 * 2 * 24 + 9 * 24 * 24));
  const auto group = llvm::cantFail(ConvolutionCase::parse("conv3x3-56x56-c96-p96-g16"));
  EXPECT_EQ(group.macs(), partial.macs());
  const auto depthwise = llvm::cantFail(ConvolutionCase::parse("conv3x3-56x56-c576-p576-g576-across"));
  EXPECT_EQ(depthwise.macs(), partial.macs());
  const auto copied = llvm::cantFail(ConvolutionCase::parse("conv3x3-56x56-c96-p24-g1-copied"));
  EXPECT_EQ(copied.macs(), partial.macs());
  EXPECT_EQ(copied.bytes(), partial.bytes() + 4 * 56 * 56 * 2 * 72);
}

TEST(ConvolutionCase, TakesTheLargestOfTheBenchmark) {
  // 7x7, depthwise: as many channels, in eights, as 16 MiB hold (LIMIT in pconv/cases.py).
  auto shape = ConvolutionCase::parse("conv3x3-7x7-c85592-p85592-g85592-across");
  ASSERT_TRUE(bool(shape)) << llvm::toString(shape.takeError());
  EXPECT_EQ(shape->macs(), 7 * 7 * 9 * 85592);
}

TEST(ConvolutionCase, RefusesWhatIsNone) {
  for (const char *text : {"", "conv3x3-56-c4-p4-g1", "conv3x3-5x5-c4-p8-g1", "conv3x3-5x5-c4-p4-g3",
                           "conv3x3-5x5-c4-p4-g2-copied", "conv3x3-5x5-c0-p0-g1", "conv3x3-5x5-c4-p4-g1-x",
                           "conv3x3-5x5-c4-p4-g1-copied-across", "conv3x3-5x5-c2097152-p4-g1",
                           "conv3x3-5x5-c30000-p30000-g1", "conv3x3-900x900-c4096-p4-g1"}) {
    auto shape = ConvolutionCase::parse(text);
    EXPECT_FALSE(bool(shape)) << text;
    llvm::consumeError(shape.takeError());
  }
}

} // namespace
