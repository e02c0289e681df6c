// The entry points of the fake driver.
#include "FakeDriverState.h"

#include <cstring>
#include <utility>

using namespace fake_driver;

extern "C" {
// Each definition below must be what the loader expects to call.
#define DECLARE(name, symbol, parameters) CUresult symbol parameters;
FNET_CUDA_DRIVER_FUNCTIONS(DECLARE)
#undef DECLARE
}

namespace {

/// A call in progress: seen, under the lock, and perhaps told to fail.
struct Call {
  explicit Call(const char *name) : name(name), lock(state().mutex) {
    state().calls.push_back(name);
    if (state().failIn != SIZE_MAX && state().failIn-- == 0) {
      failure = state().failure;
      state().failIn = SIZE_MAX;
    }
  }

  /// The device whose context is current; a misuse and null device 0 where there is none.
  int device() const {
    if (!contextStack().empty() && contextStack().back() != hostContext)
      return contextStack().back();
    state().misuses.push_back(std::string(name) + " without a current context");
    return 0;
  }

  /// Takes an object out of its table; a misuse if it is not there.
  template <typename Table, typename Handle> auto take(Table &table, Handle handle) const {
    auto node = table.extract(uintptr_t(handle));
    if (node.empty())
      state().misuses.push_back(std::string(name) + ": no such object");
    return node;
  }

  const char *name;
  std::lock_guard<std::recursive_mutex> lock;
  int failure = CUDA_SUCCESS;
};

// The name of the entry point's first form, as the documentation has it.
#define CALL(name)                                                                                           \
  Call call(#name);                                                                                          \
  if (call.failure != CUDA_SUCCESS)                                                                          \
  return call.failure

template <typename Handle> Handle handle(uintptr_t number) {
  return reinterpret_cast<Handle>(number);
}

/// Queues work, or captures it.
CUresult queue(const Call &call, CUstream handle, Work work) {
  Stream *stream = state().stream(handle, call.device());
  if (!stream)
    return invalidValue;
  (stream->captured ? *stream->captured : stream->queue).push_back(std::move(work));
  return CUDA_SUCCESS;
}

const char *const errors[][2] = {{"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
                                 {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
                                 {"CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image for this device"},
                                 {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}};

const char *const *errorTexts(CUresult error) {
  switch (error) {
  case 2:
    return errors[0];
  case CUDA_ERROR_INVALID_IMAGE:
    return errors[1];
  case CUDA_ERROR_NO_BINARY_FOR_GPU:
    return errors[2];
  case invalidDevice:
    return errors[3];
  default:
    return nullptr;
  }
}

} // namespace

CUresult cuGetErrorName(CUresult error, const char **text) {
  *text = errorTexts(error) ? errorTexts(error)[0] : nullptr;
  return *text ? CUDA_SUCCESS : invalidValue;
}

CUresult cuGetErrorString(CUresult error, const char **text) {
  *text = errorTexts(error) ? errorTexts(error)[1] : nullptr;
  return *text ? CUDA_SUCCESS : invalidValue;
}

CUresult cuInit(unsigned) {
  CALL(cuInit);
  state().initialised = true;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  CALL(cuDeviceGet);
  if (!state().initialised)
    state().misuses.push_back("a call before cuInit");
  if (ordinal < 0 || size_t(ordinal) >= state().devices.size())
    return invalidDevice;
  *device = ordinal;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
  CALL(cuDeviceGetAttribute);
  const int capability = state().devices.at(size_t(device)).capability;
  if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
    *value = capability / 10;
  else if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
    *value = capability % 10;
  else
    return invalidValue;
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
  CALL(cuDevicePrimaryCtxRetain);
  ++state().devices.at(size_t(device)).retained;
  *context = handle<CUcontext>(uintptr_t(device) + 1);
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  Call call("cuDevicePrimaryCtxRelease");
  if (state().devices.at(size_t(device)).retained-- <= 0)
    state().misuses.push_back("a context released more often than retained");
  return call.failure;
}

CUresult cuCtxPushCurrent_v2(CUcontext context) {
  CALL(cuCtxPushCurrent);
  const size_t device = reinterpret_cast<uintptr_t>(context) - 1;
  if (device >= state().devices.size() || state().devices[device].retained <= 0)
    return invalidContext;
  contextStack().push_back(int(device));
  return CUDA_SUCCESS;
}

CUresult cuCtxPopCurrent_v2(CUcontext *context) {
  Call call("cuCtxPopCurrent");
  *context = handle<CUcontext>(uintptr_t(call.device()) + 1);
  if (!contextStack().empty())
    contextStack().pop_back();
  return call.failure;
}

CUresult cuModuleLoadData(CUmodule *module, const void *text) {
  CALL(cuModuleLoadData);
  const int device = call.device(), capability = state().devices.at(size_t(device)).capability;
  const Image image = parseImage(static_cast<const char *>(text));
  if (image.capability > capability || (image.machineCode && image.capability / 10 != capability / 10))
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  const uintptr_t number = state().newHandle();
  state().modules[number] = device;
  state().images.push_back(image.head);
  for (const Kernel &kernel : image.kernels)
    state().functions[state().newHandle()] = {number, kernel};
  *module = handle<CUmodule>(number);
  return CUDA_SUCCESS;
}

CUresult cuModuleUnload(CUmodule module) {
  Call call("cuModuleUnload");
  call.device();
  call.take(state().modules, module);
  std::erase_if(state().functions,
                [&](auto &entry) { return entry.second.module == reinterpret_cast<uintptr_t>(module); });
  return call.failure;
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
  CALL(cuModuleGetFunction);
  call.device();
  for (auto &[number, candidate] : state().functions)
    if (candidate.module == reinterpret_cast<uintptr_t>(module) && candidate.kernel.name == name) {
      *function = handle<CUfunction>(number);
      return CUDA_SUCCESS;
    }
  return notFound;
}

CUresult cuFuncSetAttribute(CUfunction handle, int attribute, int value) {
  CALL(cuFuncSetAttribute);
  Function &function = state().functions.at(reinterpret_cast<uintptr_t>(handle));
  if (attribute != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
    return invalidValue;
  function.sharedBytes = value;
  state().sharedBytesSet.push_back(function.kernel.name + "=" + std::to_string(value));
  return CUDA_SUCCESS;
}

CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes) {
  CALL(cuMemAlloc);
  if (bytes == 0)
    return invalidValue;
  *address = state().allocate(bytes, call.device(), /*ofHost=*/false);
  state().allocations.push_back(bytes);
  return CUDA_SUCCESS;
}

CUresult cuMemFree_v2(CUdeviceptr address) {
  Call call("cuMemFree");
  call.device();
  call.take(state().memory, address);
  return call.failure;
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
  CALL(cuMemcpyHtoDAsync);
  return queue(call, stream, [=] {
    if (unsigned char *memory = state().at(to, bytes))
      std::memcpy(memory, from, bytes);
  });
}

CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
  CALL(cuMemcpyDtoHAsync);
  return queue(call, stream, [=] {
    if (unsigned char *memory = state().at(from, bytes))
      std::memcpy(to, memory, bytes);
  });
}

CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream stream) {
  CALL(cuMemsetD8Async);
  return queue(call, stream, [=] {
    if (unsigned char *memory = state().at(to, bytes))
      std::memset(memory, value, bytes);
  });
}

CUresult cuStreamCreate(CUstream *stream, unsigned flags) {
  CALL(cuStreamCreate);
  if (flags != CU_STREAM_NON_BLOCKING)
    state().misuses.push_back("a stream that waits for the legacy stream");
  const uintptr_t number = state().newHandle();
  state().streams[number] = {call.device(), {}, {}};
  *stream = handle<CUstream>(number);
  return CUDA_SUCCESS;
}

CUresult cuStreamDestroy_v2(CUstream stream) {
  Call call("cuStreamDestroy");
  call.device();
  if (auto node = call.take(state().streams, stream); node && !node.mapped().queue.empty())
    state().misuses.push_back("a stream destroyed with work in it");
  return call.failure;
}

CUresult cuStreamSynchronize(CUstream handle) {
  Call call("cuStreamSynchronize");
  Stream *stream = state().stream(handle, call.device());
  if (!stream || stream->captured)
    return invalidValue;
  for (Work &work : std::exchange(stream->queue, {}))
    work();
  return call.failure;
}

CUresult cuStreamIsCapturing(CUstream handle, int *status) {
  CALL(cuStreamIsCapturing);
  Stream *stream = state().stream(handle, call.device());
  *status = stream && stream->captured;
  return stream ? CUDA_SUCCESS : invalidValue;
}

CUresult cuStreamBeginCapture_v2(CUstream handle, int mode) {
  CALL(cuStreamBeginCapture);
  Stream *stream = state().stream(handle, call.device());
  if (!handle || !stream || stream->captured)
    return invalidValue;
  if (mode != CU_STREAM_CAPTURE_MODE_RELAXED)
    state().misuses.push_back("a capture that forbids calls of other threads");
  stream->captured.emplace();
  return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph) {
  Call call("cuStreamEndCapture");
  Stream *capturing = state().stream(stream, call.device());
  if (!capturing || !capturing->captured)
    return invalidValue;
  auto work = *std::exchange(capturing->captured, std::nullopt);
  *graph = nullptr;
  if (call.failure != CUDA_SUCCESS)
    return call.failure;
  const uintptr_t number = state().newHandle();
  state().graphs[number] = std::move(work);
  *graph = handle<CUgraph>(number);
  return CUDA_SUCCESS;
}

CUresult cuLaunchKernel(CUfunction handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                        unsigned blockY, unsigned blockZ, unsigned sharedBytes, CUstream stream,
                        void **parameters, void **extra) {
  CALL(cuLaunchKernel);
  auto found = state().functions.find(reinterpret_cast<uintptr_t>(handle));
  if (found == state().functions.end() || extra || sharedBytes > unsigned(found->second.sharedBytes))
    return invalidValue;
  const Kernel kernel = found->second.kernel;
  std::vector<uint64_t> values;
  for (size_t bytes : kernel.parameterBytes) {
    uint64_t value = 0;
    std::memcpy(&value, parameters[values.size()], bytes);
    values.push_back(value);
  }
  Stream *target = state().stream(stream, call.device());
  state().launches.push_back({kernel.name,
                              {gridX, gridY, gridZ},
                              {blockX, blockY, blockZ},
                              sharedBytes,
                              stream,
                              values,
                              target && target->captured.has_value()});
  return queue(call, stream, [=] { runKernel(kernel, values); });
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec *executable, CUgraph graph, unsigned long long) {
  CALL(cuGraphInstantiateWithFlags);
  const uintptr_t number = state().newHandle();
  state().executables[number] = state().graphs.at(reinterpret_cast<uintptr_t>(graph));
  *executable = handle<CUgraphExec>(number);
  return CUDA_SUCCESS;
}

CUresult cuGraphExecUpdate(CUgraphExec executable, CUgraph graph, CUgraphNode *, int *outcome) {
  CALL(cuGraphExecUpdate);
  *outcome = 0;
  state().executables.at(reinterpret_cast<uintptr_t>(executable)) =
      state().graphs.at(reinterpret_cast<uintptr_t>(graph));
  return CUDA_SUCCESS;
}

CUresult cuGraphUpload(CUgraphExec executable, CUstream) {
  CALL(cuGraphUpload);
  return state().executables.count(reinterpret_cast<uintptr_t>(executable)) ? CUDA_SUCCESS : invalidValue;
}

CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) {
  CALL(cuGraphLaunch);
  const auto work = state().executables.at(reinterpret_cast<uintptr_t>(executable));
  return queue(call, stream, [=] {
    for (const Work &each : work)
      each();
  });
}

CUresult cuGraphExecDestroy(CUgraphExec executable) {
  Call call("cuGraphExecDestroy");
  call.take(state().executables, executable);
  return call.failure;
}

CUresult cuGraphDestroy(CUgraph graph) {
  Call call("cuGraphDestroy");
  call.take(state().graphs, graph);
  return call.failure;
}
