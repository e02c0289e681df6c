/* The driver's functions that stream.c calls, found in libcuda.so.1 at the first call. In place of -lcuda,
 * with which a program does not start at all where there is no driver, and does not link where there is no
 * CUDA toolkit. */
#include <cuda.h>
#include <dlfcn.h>
#include <string.h>

/* <cuda.h> gives some functions the name of a later version, such as cuMemAlloc_v2: that is the symbol. */
#define SYMBOL(function) SYMBOL_AS_IT_IS(function)
#define SYMBOL_AS_IT_IS(function) #function

static void *find(const char *symbol) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  return library == NULL ? NULL : dlsym(library, symbol);
}

#define FORWARD(function, parameters, arguments)                                                             \
  CUresult CUDAAPI function parameters {                                                                     \
    static CUresult(CUDAAPI * found) parameters;                                                             \
    if (found == NULL) {                                                                                     \
      void *address = find(SYMBOL(function));                                                                \
      memcpy(&found, &address, sizeof address);                                                              \
    }                                                                                                        \
    return found == NULL ? CUDA_ERROR_NOT_FOUND : found arguments;                                           \
  }

FORWARD(cuGetErrorName, (CUresult error, const char **text), (error, text))
FORWARD(cuInit, (unsigned flags), (flags))
FORWARD(cuDeviceGet, (CUdevice * device, int ordinal), (device, ordinal))
FORWARD(cuDevicePrimaryCtxRetain, (CUcontext * context, CUdevice device), (context, device))
FORWARD(cuDevicePrimaryCtxRelease, (CUdevice device), (device))
FORWARD(cuCtxPushCurrent, (CUcontext context), (context))
FORWARD(cuCtxPopCurrent, (CUcontext * context), (context))
FORWARD(cuMemAlloc, (CUdeviceptr * address, size_t bytes), (address, bytes))
FORWARD(cuMemFree, (CUdeviceptr address), (address))
FORWARD(cuMemAllocHost, (void **memory, size_t bytes), (memory, bytes))
FORWARD(cuMemFreeHost, (void *memory), (memory))
FORWARD(cuMemcpyHtoD, (CUdeviceptr to, const void *from, size_t bytes), (to, from, bytes))
FORWARD(cuMemcpyDtoDAsync, (CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream),
        (to, from, bytes, stream))
FORWARD(cuMemcpyDtoHAsync, (void *to, CUdeviceptr from, size_t bytes, CUstream stream),
        (to, from, bytes, stream))
FORWARD(cuStreamCreate, (CUstream * stream, unsigned flags), (stream, flags))
FORWARD(cuStreamSynchronize, (CUstream stream), (stream))
FORWARD(cuStreamDestroy, (CUstream stream), (stream))
