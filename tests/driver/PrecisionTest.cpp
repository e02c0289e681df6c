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
  EXPECT_EQ(refusal(ElementType::F16, {"x86-64-v4", "x86-64-v3"}),
            needs + "'x86-64-v4', expected one of aarch64-fp16");
  EXPECT_EQ(refusal(ElementType::F16, {"aarch64"}), needs + "'aarch64', expected one of aarch64-fp16");
}

TEST(Precision, ALibraryHasOne) {
  EXPECT_EQ(refusal(ElementType::F16, {"aarch64-fp16", "aarch64"}),
            "--precision f16: target 'aarch64' has no such arithmetic, and a library holds its weights in one "
            "precision: compile for 'aarch64' apart, under another --name");
}
