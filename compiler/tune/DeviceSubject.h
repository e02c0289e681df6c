// What a search for a GPU's schedules is for: candidates for a measuring program, and for where there is no
// GPU their predicted cost and a check on this machine's processor.
#pragma once

#include "tune/SearchSubject.h"

namespace fasternet {

/// One of the kernels that Halide makes, in f32, for a GPU. Its check runs the kernel through OpenCL, with
/// Halide's checks of bounds; without OpenCL it is an error. Without ptxas or nvdisasm there is no
/// prediction.
SearchSubject deviceSubject(const KernelSpec &spec, const Target &target);

} // namespace fasternet
