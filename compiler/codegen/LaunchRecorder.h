// The launches of a pipeline for CUDA, found by running its host code once, against a runtime that only takes
// notes.
#pragma once

#include "support/DeviceKernel.h"

#include "llvm/Support/Error.h"

namespace fasternet {

/// What Halide's host code did: the rest of its object is not needed any more.
struct RecordedLaunches {
  std::string ptx;
  std::vector<DeviceLaunch> launches;
  std::vector<int64_t> intermediateBytes;
};

/// Loads `object`, which defines `symbol` for the machine that this runs on, and calls it with buffers of
/// `arguments` that lie on the device. Shapes are constants of the code, so what it does is the same for all
/// values. Errors: a reference to anything but a CUDA runtime's functions, work on the host between launches
/// that would need a tensor's values there, and a kernel that launches nothing.
llvm::Expected<RecordedLaunches> recordLaunches(llvm::StringRef object, llvm::StringRef symbol,
                                                llvm::ArrayRef<KernelArgument> arguments);

} // namespace fasternet
