// Entry points of the fake driver: memory, streams, launches, graphs.
#include "FakeCall.h"

#include <cstring>
#include <utility>

using namespace fake_driver;

CUresult fake_driver::queue(const Call &call, CUstream handle, Work work) {
  Stream *stream = state().stream(handle, call.device());
  if (!stream)
    return invalidValue;
  (stream->captured ? *stream->captured : stream->queue).push_back(std::move(work));
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
  if (state().firstUpload == 0)
    state().firstUpload = bytes;
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
    giveAnswer(to, bytes);
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
    state().misuse("a stream that waits for the legacy stream");
  const uintptr_t number = state().newHandle();
  state().streams[number] = {call.device(), {}, {}};
  *stream = handle<CUstream>(number);
  return CUDA_SUCCESS;
}

CUresult cuStreamDestroy_v2(CUstream stream) {
  Call call("cuStreamDestroy");
  call.device();
  if (auto node = call.take(state().streams, stream); node && !node.mapped().queue.empty())
    state().misuse("a stream destroyed with work in it");
  return call.failure;
}

CUresult cuStreamSynchronize(CUstream handle) {
  Call call("cuStreamSynchronize");
  Stream *stream = state().stream(handle, call.device());
  if (!stream || stream->captured)
    return invalidValue;
  for (Work &work : std::exchange(stream->queue, {}))
    work();
  return state().isSpoiled ? illegalAddress : call.failure;
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
    state().misuse("a capture that forbids calls of other threads");
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
  // The limits of every capability from 7.5 on.
  if (gridX == 0 || gridY == 0 || gridZ == 0 || gridY > 65535 || gridZ > 65535 || blockZ > 64 ||
      blockX * blockY * blockZ == 0 || blockX * blockY * blockZ > 1024)
    return invalidValue;
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
                              kernel.parameterBytes,
                              target && target->captured.has_value()});
  // So that one schedule is faster than another, and the same one always as fast.
  const double milliseconds = 2e-3 + 1e-8 * double(gridX) * gridY * gridZ * blockX * blockY * blockZ;
  return queue(call, stream, [=] {
    state().milliseconds += milliseconds;
    runKernel(kernel, values);
  });
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
