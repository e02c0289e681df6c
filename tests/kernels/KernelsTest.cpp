// Every kernel kind on every instruction set of this machine, over odd shapes, against plain loops.
#include "KernelData.h"
#include "LoadedKernel.h"
#include "codegen/Codegen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

using namespace fasternet;

namespace {

/// A spec as text, and members that replace those of the default schedule.
struct Case {
  const char *spec;
  const char *overrides = "";
};

const Case cases[] = {
    // Patch embedding and merging: windows that overlap, that leave a rest, that are larger than their
    // stride.
    {"patch_conv-n1-97x130-c3-o36-k4-s4-nchw-f32-w32"},
    {"patch_conv-n1-97x130-c3-o10-k7-s4-nchw-f32-w32"},
    {"patch_conv-n3-9x11-c5-o30-k3-s2-nhwc-f32-w32"},
    {"patch_conv-n1-7x4-c1-o1-k4-s4-nchw-f32-w32"},
    {"patch_conv-n1-8x8-c3-o40-k4-s4-nchw-f32-w32"},
    {"patch_conv-n1-14x14-c160-o320-k2-s2-nhwc-f32-w32"},
    {"patch_conv-n1-28x28-c96-o192-k2-s2-nhwc-f32-w32"},
    {"patch_conv-n3-9x11-c5-o30-k3-s2-nhwc-f32-w32", "share=1,strip=4"},
    // The input staged or not: overlapping windows, rows narrower than a vector, shared and short last
    // strips.
    {"patch_conv-n1-97x130-c3-o10-k7-s4-nchw-f32-w32", "stage=0"},
    {"patch_conv-n3-9x11-c5-o30-k3-s2-nhwc-f32-w32", "stage=1,share=1,strip=4"},
    {"patch_conv-n2-9x11-c5-o30-k3-s2-nhwc-f32-w32", "stage=1,share=0,strip=3"},
    // Blocks: channels that fill no panel, one partial channel, all partial, images of one pixel and one row.
    {"block-n1-5x6-c10-p2-h20-gelu-f32-w32"},
    {"block-n1-4x9-c30-p7-h30-relu-f32-w32"},
    {"block-n3-3x5-c36-p5-h72-gelu-f32-w32"},
    {"block-n1-4x4-c10-p1-h30-relu-f32-w32"},
    {"block-n1-4x5-c12-p12-h24-relu-f32-w32"},
    {"block-n1-1x1-c30-p5-h30-gelu-f32-w32"},
    {"block-n3-1x3-c36-p9-h72-relu-f32-w32"},
    {"block-n1-3x1-c16-p4-h32-relu-f32-w32"},
    {"block-n1-56x56-c40-p10-h80-gelu-f32-w32"},
    {"block-n1-7x7-c320-p80-h640-gelu-f32-w32"},
    {"block-n1-28x28-c192-p48-h384-relu-f32-w32"},
    {"block-n3-4x6-c36-p9-h72-gelu-f32-w32", "share=1,rows=4,pixels=6"},
    {"block-n1-6x7-c36-p9-h72-relu-f32-w32",
     "rows=4,pixels=5,first=1x2x1,second=1x3x1,partial=1x2x1,unroll=3"},
    {"block-n2-6x7-c36-p9-h72-gelu-f32-w32", "rows=2,pad=32,first=1x2x2"},
    {"block-n1-4x6-c36-p9-h72-gelu-f32-w32", "share=1,rows=4,pixels=6,pad=16"},
    // Winograd's forms: odd rows and columns, one pixel, fewer channels than a vector, strips, shared strips.
    {"block-n2-5x7-c36-p9-h72-relu-f32-w32", "winograd=1,partial=1x3x1"},
    {"block-n1-1x1-c30-p5-h30-gelu-f32-w32", "winograd=1,partial=1x1x1"},
    {"block-n1-3x2-c10-p1-h30-relu-f32-w32", "winograd=1,partial=1x1x1"},
    {"block-n1-6x6-c160-p40-h72-relu-f32-w32", "winograd=1,rows=4,partial=1x2x1"},
    {"block-n2-4x5-c12-p12-h24-relu-f32-w32", "winograd=1,rows=4,partial=1x3x2,pad=16"},
    {"block-n2-7x7-c320-p80-h640-gelu-f32-w32", "winograd=1,share=1,rows=7,partial=1x4x1"},
    {"block-n2-5x7-c36-p9-h72-relu-f32-w32", "winograd=2,partial=1x4x1"},
    {"block-n2-5x7-c36-p9-h72-relu-f32-w32",
     "winograd=2,rows=3,pixels=4,first=1x2x1,second=1x3x1,partial=1x3x1"},
    {"block-n1-1x1-c30-p5-h30-gelu-f32-w32", "winograd=2,partial=1x1x1"},
    {"block-n1-3x2-c10-p1-h30-relu-f32-w32", "winograd=2,partial=1x1x1"},
    {"block-n2-4x5-c12-p12-h24-relu-f32-w32", "winograd=2,rows=4,partial=1x3x1,pad=16"},
    {"block-n2-7x7-c320-p80-h640-gelu-f32-w32", "winograd=2,share=1,rows=7,partial=1x4x1"},
    {"block-n1-14x14-c160-p40-h320-gelu-f32-w32", "winograd=2,partial=1x7x1"},
    // Heads with and without a classifier; the feature output.
    {"head-n3-7x7-c36-f30-o10-relu-f32-w32"},
    {"head-n1-1x3-c10-f20-o1-gelu-f32-w32"},
    {"head-n3-5x4-c30-f36-o0-relu-f32-w32"},
    {"head-n1-7x7-c320-f1280-o1000-gelu-f32-w32"},
    {"affine-n1-1x1-c10-f32-w32"},
    {"affine-n3-5x7-c36-f32-w32"},
    {"affine-n1-1x3-c1-f32-w32"},
    {"affine-n1-28x28-c192-f32-w32"},
};

/// Computed once per spec: the slowest part of the larger cases.
const std::vector<double> &reference(const KernelSpec &spec, const KernelData &data) {
  static std::map<std::string, std::vector<double>> known;
  auto [entry, isNew] = known.try_emplace(spec.text());
  if (isNew)
    entry->second = data.reference();
  return entry->second;
}

bool sameBits(const std::vector<float> &a, const std::vector<float> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y);
  });
}

void expectClose(const std::vector<float> &found, const std::vector<double> &expected) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0, worst = 0;
  size_t where = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    const double error = std::abs(found[i] - expected[i]);
    if (!(error <= worst))
      worst = error, where = i;
  }
  EXPECT_LE(worst, 1e-5 * largest) << "element " << where << ": found " << found[where] << ", expected "
                                   << expected[where];
}

class Kernels : public testing::TestWithParam<std::tuple<Case, const char *>> {};

TEST_P(Kernels, MatchPlainLoops) {
  const auto &[kernelCase, targetName] = GetParam();
  const Target *target = findTarget(targetName), *host = hostTarget();
  ASSERT_TRUE(target);
  if (!host || host->isa < target->isa)
    GTEST_SKIP() << "this machine does not run " << targetName;
  auto spec = KernelSpec::parse(kernelCase.spec);
  ASSERT_TRUE(bool(spec)) << llvm::toString(spec.takeError());
  auto compiled = compileKernel(*spec, *target, "kernel", kernelCase.overrides);
  ASSERT_TRUE(bool(compiled)) << llvm::toString(compiled.takeError());
  auto loaded = LoadedKernel::load(*compiled);
  ASSERT_TRUE(bool(loaded)) << llvm::toString(loaded.takeError());

  std::vector<float> first;
  resetScratchUse();
  for (auto flush : {GuardedFloats::Flush::Front, GuardedFloats::Flush::Back}) {
    KernelData data(*spec, flush);
    for (TaskOrder order : {TaskOrder::Forward, TaskOrder::Reversed, TaskOrder::Threads}) {
      SCOPED_TRACE(testing::Message() << "flush " << int(flush) << ", order " << int(order) << ", schedule "
                                      << compiled->schedule);
      data.clearOutput();
      ASSERT_EQ(loaded->run(data.pointers(), order), 0);
      EXPECT_EQ(data.spoiledElements(), 0) << "written outside the output's interior";
      if (first.empty()) {
        first = data.output();
        expectClose(first, reference(*spec, data));
      }
      EXPECT_TRUE(sameBits(data.output(), first));
    }
  }
  const ScratchUse use = scratchUse();
  EXPECT_EQ(use.overruns, 0);
  EXPECT_EQ(use.leaks, 0);
  EXPECT_LE(use.callerBytes, compiled->callerScratchBytes);
  EXPECT_LE(use.workerBytes, compiled->workerScratchBytes);
}

std::string caseName(const testing::TestParamInfo<Kernels::ParamType> &info) {
  const auto &[kernelCase, target] = info.param;
  std::string name = std::string(target) + "_" + kernelCase.spec + "_" + kernelCase.overrides;
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Kernels,
                         testing::Combine(testing::ValuesIn(cases),
                                          testing::Values("x86-64-v2", "x86-64-v3", "x86-64-v4")),
                         caseName);

} // namespace
