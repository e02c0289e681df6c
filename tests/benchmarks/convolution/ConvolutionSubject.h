// The benchmark's convolution for the tuner: the same search that the compiler's kernels get.
#pragma once

#include "ConvolutionCase.h"
#include "tune/SearchSubject.h"

namespace fasternet::benchmark {

SearchSubject convolutionSubject(const ConvolutionCase &shape, const Target &target);

} // namespace fasternet::benchmark
