// Entry points of the fake driver that the loader has no use for: hosts call them beside it.
#include "FakeCall.h"

#include <cstring>

using namespace fake_driver;

extern "C" {
CUresult cuMemAllocHost_v2(void **memory, size_t bytes);
CUresult cuMemFreeHost(void *memory);
CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes);
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream);
}

CUresult cuMemAllocHost_v2(void **memory, size_t bytes) {
  CALL(cuMemAllocHost);
  call.device();
  auto block = std::make_unique<unsigned char[]>(bytes);
  memset(block.get(), 0x55, bytes);
  *memory = block.get();
  state().pageLocked[reinterpret_cast<uintptr_t>(*memory)] = std::move(block);
  return CUDA_SUCCESS;
}

CUresult cuMemFreeHost(void *memory) {
  Call call("cuMemFreeHost");
  call.device();
  call.take(state().pageLocked, memory);
  return call.failure;
}

CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes) {
  CALL(cuMemcpyHtoD);
  call.device();
  unsigned char *memory = state().at(to, bytes);
  if (!memory)
    return invalidValue;
  memcpy(memory, from, bytes);
  return CUDA_SUCCESS;
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  CALL(cuMemcpyDtoDAsync);
  return queue(call, stream, [=] {
    unsigned char *target = state().at(to, bytes), *source = state().at(from, bytes);
    if (target && source)
      memcpy(target, source, bytes);
  });
}
