// What a search for a GPU's schedules is for, where there is no GPU: predicted cost, and a check on this
// machine's processor.
#pragma once

#include "tune/SearchSubject.h"

namespace fasternet {

/// One of the kernels that Halide makes, in f32, for a GPU. Nothing can be measured: it has no `compile`. Its
/// check runs the kernel through OpenCL, with Halide's checks of bounds; without OpenCL it is an error.
SearchSubject deviceSubject(const KernelSpec &spec, const Target &target);

} // namespace fasternet
