// The kernels' own MLIR, run thread by thread, against the reference: every kind, both types, odd sizes, every way of
// copying, with and without what lies beyond the last pixel, output and input.
#include "KernelRun.h"

#include "tensorcore/emulation/Emulation.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

struct Case {
  const char *spec;
  const char *target = "cuda-sm80";
  const char *overrides = "";
};

void PrintTo(const Case &c, std::ostream *os) {
  *os << c.spec << " on " << c.target << ' ' << c.overrides;
}

class Emulated : public testing::TestWithParam<Case> {};

// Rounding of results and of what lies between launches; sums themselves are f32.
constexpr double halfBound = 2e-3, tf32Bound = 2e-3;

TEST_P(Emulated, AgreesWithTheReference) {
  const auto [text, targetName, overrides] = GetParam();
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
  const Target *target = findTarget(targetName);
  ASSERT_NE(target, nullptr);
  KernelData data = kernelData(spec);
  if (llvm::Error error = emulateTensorCoreKernel(spec, *target, overrides, data.arguments))
    FAIL() << llvm::toString(std::move(error));
  EXPECT_LE(relativeError(spec, data), spec.activations == ElementType::F16 ? halfBound : tf32Bound);
}

const Case cases[] = {
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f16-w16"},
    {"patch_conv-n1-14x14-c40-o80-k2-s2-nhwc-f32-wtf32"},
};

INSTANTIATE_TEST_SUITE_P(Kernels, Emulated, testing::ValuesIn(cases));

} // namespace
