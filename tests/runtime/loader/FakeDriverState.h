// The state of the fake driver, behind its entry points and the tests' view of it.
#pragma once

#include "FakeDriver.h"
#include "harness/gpu_functions.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sys/types.h>

namespace fake_driver {

constexpr int invalidValue = 1, notInitialised = 3, invalidDevice = 101, invalidContext = 201,
              invalidHandle = 400, notFound = 500, notReady = 600, illegalAddress = 700;

struct Kernel {
  std::string name;
  std::vector<size_t> parameterBytes;
  /// Real code, which is not run: its parameters of eight bytes are device addresses.
  bool isCompiled = false;
};

/// Code; see FakeDriver.h.
struct Image {
  std::string head;
  bool machineCode;
  int capability;
  std::vector<Kernel> kernels;
};
Image parseImage(const void *data);
Image parseCubin(const unsigned char *data);
/// Computes on device memory. Of compiled kernels only the addresses are checked.
void runKernel(const Kernel &kernel, const std::vector<uint64_t> &parameters);
/// Makes `count` bytes what compiled code leaves, if that is what ran last and its answer is known.
void giveAnswer(void *bytes, size_t count);

using Work = std::function<void()>;

struct Function {
  uintptr_t module;
  Kernel kernel;
  int sharedBytes = 48 * 1024;
};
struct Stream {
  int device;
  std::vector<Work> queue;
  std::optional<std::vector<Work>> captured; ///< while it captures
  bool ofHost = false;
};
/// A moment of the device's clock.
struct Event {
  bool isTimed = true;
  bool isRecorded = false;
  uintptr_t stream = 0;               ///< that it was recorded in last
  std::optional<double> milliseconds; ///< once the stream has reached it
};
struct Block {
  int device;
  std::vector<unsigned char> bytes;
  bool ofHost; ///< not made through the driver: nobody's leak
};

/// One machine. Handles are numbers that never come twice, so that stale ones are found.
struct State {
  std::recursive_mutex mutex;
  struct Device {
    int capability;
    int retained = 0;
  };
  std::vector<Device> devices;
  pid_t initialisedBy = 0; ///< the process that called cuInit; of another, a child's, all calls fail
  uintptr_t lastHandle = 0;
  std::map<uintptr_t, int> modules; ///< the device of each
  std::map<uintptr_t, Function> functions;
  std::map<uintptr_t, Stream> streams; ///< and the legacy stream of device n as -1 - n, from its first use
  std::map<uintptr_t, std::vector<Work>> graphs, executables;
  std::map<uintptr_t, Event> events;
  std::map<uint64_t, Block> memory;
  std::map<uintptr_t, std::unique_ptr<unsigned char[]>> pageLocked; ///< memory of the host
  uint64_t nextAddress = 0x700000000000;
  std::vector<std::string> calls, misuses, images, sharedBytesSet;
  std::vector<Launch> launches;
  std::vector<size_t> allocations;
  size_t failIn = SIZE_MAX;
  int failure = 0;
  std::string failName; ///< only calls of this name count; empty: all
  /// A kernel touched what it must not: every further call says so, as of a real device's context.
  bool isSpoiled = false;
  double milliseconds = 0;      ///< the device's clock
  std::string misusesFile;      ///< where they are appended as they happen; empty: nowhere
  std::string answers;          ///< folder of what compiled code leaves; empty: none
  bool compiledCodeRan = false; ///< as the last kernel
  size_t firstUpload = 0;       ///< bytes of the first copy to the device

  void misuse(const std::string &what);
  uintptr_t newHandle() { return lastHandle += 16; }
  /// The bytes at an address; null, and a misuse, where they are not all within one allocation.
  unsigned char *at(uint64_t address, size_t bytes);
  uint64_t allocate(size_t bytes, int device, bool ofHost);
  /// Null, and a misuse, for a handle that is no stream.
  Stream *stream(CUstream handle, int device);
};

State &state();
/// Of the process: see FakeDriver.h.
void readEnvironment(State &state);
/// Contexts of this thread: devices, or hostContext.
std::vector<int> &contextStack();

} // namespace fake_driver
