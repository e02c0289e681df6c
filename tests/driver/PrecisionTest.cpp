// Which targets a precision can be asked of.
#include "driver/Precision.h"

#include <gtest/gtest.h>

using namespace fasternet;

static std::string refusal(ElementType precision, std::initializer_list<const char *> names) {
  std::vector<const Target *> targets;
  for (const char *name : names)
    targets.push_back(findTarget(name));
  return llvm::toString(checkPrecision(precision, targets));
}

TEST(Precision, EveryTargetHasFloat32) {
  for (const Target &target : allTargets())
    EXPECT_EQ(llvm::toString(checkPrecision(ElementType::F32, {&target})), "") << target.name.str();
}

TEST(Precision, HalfPrecisionNeedsItsArithmetic) {
  EXPECT_EQ(refusal(ElementType::F16, {"aarch64-fp16"}), "");
  const std::string needs = "--precision f16 needs a target with such arithmetic, found ";
  const std::string able =
      ", expected one of aarch64-fp16, cuda-sm90, cuda-sm89, cuda-sm86, cuda-sm80, cuda-sm75";
  EXPECT_EQ(refusal(ElementType::F16, {"x86-64-v4", "x86-64-v3"}), needs + "'x86-64-v4'" + able);
  EXPECT_EQ(refusal(ElementType::F16, {"aarch64"}), needs + "'aarch64'" + able);
  EXPECT_EQ(refusal(ElementType::F16, {"cuda-sm75"}), "");
}

TEST(Precision, Tf32NeedsItsTensorCores) {
  EXPECT_EQ(refusal(ElementType::TF32, {"cuda-sm80", "cuda-sm90"}), "");
  EXPECT_EQ(
      refusal(ElementType::TF32, {"cuda-sm75"}),
      "--precision tf32 needs a target with such arithmetic, found 'cuda-sm75', expected one of cuda-sm90, "
      "cuda-sm89, cuda-sm86, cuda-sm80");
}

TEST(Precision, ALibraryHasOne) {
  EXPECT_EQ(
      refusal(ElementType::F16, {"aarch64-fp16", "aarch64"}),
      "--precision f16: target 'aarch64' has no such arithmetic, and a library holds its weights in one "
      "precision: compile for 'aarch64' apart, under another --name");
}
