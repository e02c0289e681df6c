#include "driver/Precision.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

static bool canCompute(ElementType precision, const Target &target) {
  return precision == ElementType::F32 || (precision == ElementType::F16 && target.hasHalfPrecision()) ||
         (precision == ElementType::TF32 && target.hasTf32());
}

llvm::Error fasternet::checkPrecision(ElementType precision, llvm::ArrayRef<const Target *> targets) {
  auto cannot = [&](const Target *target) { return !canCompute(precision, *target); };
  const auto first = llvm::find_if(targets, cannot);
  if (first == targets.end())
    return llvm::Error::success();
  std::string able;
  for (const Target &target : allTargets())
    if (canCompute(precision, target))
      able += (able.empty() ? "" : ", ") + target.name.str();
  const std::string option = ("--precision " + elementName(precision)).str();
  if (llvm::all_of(targets, cannot))
    return inputError(option + " needs a target with such arithmetic, found '" + (*first)->name +
                      "', expected one of " + able);
  return inputError(
      option + ": target '" + (*first)->name +
      "' has no such arithmetic, and a library holds its weights in one precision: compile for '" +
      (*first)->name + "' apart, under another --name");
}

double fasternet::errorBound(ElementType precision) {
  // Half precision: the largest error over the test models is 5.6e-3 (docs/decisions/0008-half-precision.md);
  // tf32 has as many bits of mantissa.
  return precision == ElementType::F32 ? 1e-5 : 1e-2;
}
