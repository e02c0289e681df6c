/* The functions of the CUDA driver that the loader calls, as the driver API documents them, without its
 * header: a table filled from the shared library, so that a host starts on machines that have none.
 */
#ifndef FASTERNET_CUDA_DRIVER_H
#define FASTERNET_CUDA_DRIVER_H

#include "fasternet/abi.h"

typedef int CUresult;
typedef int CUdevice;
typedef uint64_t CUdeviceptr;
typedef struct CUctx_st *CUcontext;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUstream_st *CUstream;
typedef struct CUgraph_st *CUgraph;
typedef struct CUgraphNode_st *CUgraphNode;
typedef struct CUgraphExec_st *CUgraphExec;

enum {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
  CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8,
  CU_STREAM_NON_BLOCKING = 1,
  CU_STREAM_CAPTURE_MODE_RELAXED = 2,
  CU_STREAM_CAPTURE_STATUS_NONE = 0
};

/* X(name, symbol, parameters). The newest is of CUDA 11.4; later drivers keep every one of these symbols.
 * cuGraphExecUpdate stays at its first form, since the second came with CUDA 12. */
#define FNET_CUDA_DRIVER_FUNCTIONS(X)                                                                        \
  X(cuGetErrorName, cuGetErrorName, (CUresult, const char **))                                               \
  X(cuGetErrorString, cuGetErrorString, (CUresult, const char **))                                           \
  X(cuInit, cuInit, (unsigned))                                                                              \
  X(cuDeviceGet, cuDeviceGet, (CUdevice *, int))                                                             \
  X(cuDeviceGetAttribute, cuDeviceGetAttribute, (int *, int, CUdevice))                                      \
  X(cuDevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain, (CUcontext *, CUdevice))                             \
  X(cuDevicePrimaryCtxRelease, cuDevicePrimaryCtxRelease_v2, (CUdevice))                                     \
  X(cuCtxPushCurrent, cuCtxPushCurrent_v2, (CUcontext))                                                      \
  X(cuCtxPopCurrent, cuCtxPopCurrent_v2, (CUcontext *))                                                      \
  X(cuModuleLoadData, cuModuleLoadData, (CUmodule *, const void *))                                          \
  X(cuModuleUnload, cuModuleUnload, (CUmodule))                                                              \
  X(cuModuleGetFunction, cuModuleGetFunction, (CUfunction *, CUmodule, const char *))                        \
  X(cuFuncSetAttribute, cuFuncSetAttribute, (CUfunction, int, int))                                          \
  X(cuMemAlloc, cuMemAlloc_v2, (CUdeviceptr *, size_t))                                                      \
  X(cuMemFree, cuMemFree_v2, (CUdeviceptr))                                                                  \
  X(cuMemcpyHtoDAsync, cuMemcpyHtoDAsync_v2, (CUdeviceptr, const void *, size_t, CUstream))                  \
  X(cuMemcpyDtoHAsync, cuMemcpyDtoHAsync_v2, (void *, CUdeviceptr, size_t, CUstream))                        \
  X(cuMemsetD8Async, cuMemsetD8Async, (CUdeviceptr, unsigned char, size_t, CUstream))                        \
  X(cuStreamCreate, cuStreamCreate, (CUstream *, unsigned))                                                  \
  X(cuStreamDestroy, cuStreamDestroy_v2, (CUstream))                                                         \
  X(cuStreamSynchronize, cuStreamSynchronize, (CUstream))                                                    \
  X(cuStreamIsCapturing, cuStreamIsCapturing, (CUstream, int *))                                             \
  X(cuStreamBeginCapture, cuStreamBeginCapture_v2, (CUstream, int))                                          \
  X(cuStreamEndCapture, cuStreamEndCapture, (CUstream, CUgraph *))                                           \
  X(cuLaunchKernel, cuLaunchKernel,                                                                          \
    (CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream, void **,    \
     void **))                                                                                               \
  X(cuGraphInstantiateWithFlags, cuGraphInstantiateWithFlags, (CUgraphExec *, CUgraph, unsigned long long))  \
  X(cuGraphExecUpdate, cuGraphExecUpdate, (CUgraphExec, CUgraph, CUgraphNode *, int *))                      \
  X(cuGraphUpload, cuGraphUpload, (CUgraphExec, CUstream))                                                   \
  X(cuGraphLaunch, cuGraphLaunch, (CUgraphExec, CUstream))                                                   \
  X(cuGraphExecDestroy, cuGraphExecDestroy, (CUgraphExec))                                                   \
  X(cuGraphDestroy, cuGraphDestroy, (CUgraph))

typedef struct fnet_cuda_driver {
  void *library; /* null: not open */
#define FNET_CUDA_FIELD(name, symbol, parameters) CUresult(*name) parameters;
  FNET_CUDA_DRIVER_FUNCTIONS(FNET_CUDA_FIELD)
#undef FNET_CUDA_FIELD
} fnet_cuda_driver;

/* Fills a zeroed table. FNET_ERROR_DEVICE, with a text, where there is no driver or an older one; close all
 * the same. */
FNET_HIDDEN fnet_status fnet_internal_cuda_open(fnet_cuda_driver *driver, const fnet_options *options);
FNET_HIDDEN void fnet_internal_cuda_close(fnet_cuda_driver *driver);

/* Writes the text of an error to options->message, if there is one. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
FNET_HIDDEN void fnet_internal_cuda_say(const fnet_options *options, const char *format, ...);

/* FNET_OK for CUDA_SUCCESS; else FNET_ERROR_DEVICE, and the text is "call (what index): NAME: description",
 * without the parenthesis if `what` is null. */
FNET_HIDDEN fnet_status fnet_internal_cuda_result(const fnet_cuda_driver *driver, const fnet_options *options,
                                                  CUresult result, const char *call, const char *what,
                                                  uint32_t index);

/* Calls a driver function for something that has the members `driver` and `options`, and gives a status. */
#define FNET_CUDA_CALL(owner, function, ...) FNET_CUDA_CALL_FOR(NULL, 0, owner, function, __VA_ARGS__)
#define FNET_CUDA_CALL_FOR(what, index, owner, function, ...)                                                \
  fnet_internal_cuda_result(&(owner)->driver, &(owner)->options, (owner)->driver.function(__VA_ARGS__),      \
                            #function, what, index)

#endif
