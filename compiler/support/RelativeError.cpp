#include "support/RelativeError.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace fasternet;

double fasternet::maxRelativeError(llvm::ArrayRef<float> values, llvm::ArrayRef<float> expected) {
  double difference = 0, largest = 0;
  for (auto [value, wanted] : llvm::zip_equal(values, expected)) {
    if (!std::isfinite(value))
      return std::numeric_limits<double>::infinity();
    difference = std::max(difference, std::abs(double(value) - double(wanted)));
    largest = std::max(largest, std::abs(double(wanted)));
  }
  return largest > 0 ? difference / largest : difference;
}
