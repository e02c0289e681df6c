// What tests see of the fake CUDA driver: a libcuda.so.1 that keeps "device memory" in host memory behind
// addresses of its own, runs a few kernels, watches what lives, and fails when told to.
//
// Copies and kernels wait in their stream until it is synchronised, as on a real device. An image of code is
// text:
//   CUBIN 80        or PTX 80: runs on capability 8.0 and above within 8.x, or on any from 8.0
//   scale 8 8 4 4   a kernel and the bytes of its parameters, one a line; see FakeKernels.cpp for those that
//   compute
// or it is PTX or machine code as compiled: launches of it are checked, and compute nothing.
//
// Events read a clock that launches alone move, by their threads.
//
// A program that does not know of the fake finds no device; the environment gives it one:
//   FASTERNET_FAKE_DRIVER_CAPABILITY=80   its compute capability
//   FASTERNET_FAKE_DRIVER_REPORT=FILE     what there is to tell when it ends: a line for each image, call,
//                                         misuse and living thing, such as "call cuInit"
//   FASTERNET_FAKE_DRIVER_MISUSES=FILE    gets a line for each misuse as it happens, also of processes that
//                                         have no end to tell it at
//   FASTERNET_FAKE_DRIVER_ANSWERS=FOLDER  what compiled code leaves: a copy of 40 bytes to the host after a
//                                         launch of it gives those of the file 40, if there is one, or of
//                                         40-after-64 where the first copy to the device had 64 bytes
//   FASTERNET_FAKE_DRIVER_FAIL="cuLaunchKernel 3 700"   the fourth call of that name returns the error 700
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fake_driver {

struct Launch {
  std::string kernel;
  std::vector<unsigned> grid, block;
  unsigned sharedBytes;
  void *stream;
  std::vector<uint64_t> parameters;   ///< as many low bytes of each as the kernel declares ...
  std::vector<size_t> parameterBytes; ///< ... which are so many
  bool captured;                      ///< into a graph
};

/// A machine with one device for each compute capability, nothing on it, no calls seen, no failure planned.
/// The calling thread has no context.
void reset(const std::vector<int> &capabilities);

/// The index-th call from now, from 0, returns `error`. Calls that release something or end a capture still
/// do so: the real driver may report there what went wrong earlier.
void failCall(size_t index, int error);

/// Documented names of the calls since reset or the last forgetCalls, in order; those for texts of errors
/// left out.
std::vector<std::string> calls();
void forgetCalls();

/// Since reset.
std::vector<Launch> launches();
/// First lines of the images that were taken, "CUBIN 80", also for real ones; refused ones are left out.
std::vector<std::string> images();
/// "function=bytes" for each attribute set.
std::vector<std::string> sharedBytesSet();
/// Sizes of allocations.
std::vector<size_t> allocations();

/// What was made through the driver and not released, each with its kind: "module", "stream", "graph",
/// "executable graph", "event", "memory", "page-locked memory", "context".
std::vector<std::string> living();
/// Calls that a real driver may answer with undefined behaviour: unknown or stale handles, addresses outside
/// allocations, a context that is not current.
std::vector<std::string> misuses();

/// The contexts of the calling thread, current one last; as numbers of devices, and `hostContext` for the
/// host's.
std::vector<int> contexts();
constexpr int hostContext = -1;
/// The host makes a context of its own current.
void pushHostContext();

/// Device memory of a host, filled with 0xaa, and access to all device memory.
uint64_t allocate(size_t bytes, int device = 0);
void release(uint64_t address);
void write(uint64_t address, const void *bytes, size_t count);
void read(uint64_t address, void *bytes, size_t count);

/// A stream of the host on a device.
void *createStream(int device = 0);
void destroyStream(void *stream);
/// Runs what waits in it; null: in the first device's legacy stream.
void finish(void *stream);
/// The host captures its stream; endCapture returns the number of kernels caught.
void beginCapture(void *stream);
size_t endCapture(void *stream);

} // namespace fake_driver
