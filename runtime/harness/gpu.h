/* The first device of the machine as harness programs see it: the driver's functions that the loader opens,
 * and those for its name and for events, which no host of a library needs.
 */
#ifndef FASTERNET_HARNESS_GPU_H
#define FASTERNET_HARNESS_GPU_H

#include "check.h"
#include "gpu_functions.h"

#include <dlfcn.h>
#include <string.h>

enum { CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16 };

typedef struct gpu {
  fnet_options options; /* where texts of errors go */
  fnet_cuda_driver driver;
  struct {
#define GPU_FIELD(name, symbol, parameters) CUresult(*name) parameters;
    GPU_FUNCTIONS(GPU_FIELD)
#undef GPU_FIELD
  } more;
  CUdevice device;
  char name[128];
  int capability; /* such as 80 */
  int processors; /* its multiprocessors */
  CUcontext context;
  CUstream stream;
  CUevent begin, end;
} gpu;

/* Ends the program where the call fails. `table` is driver or more. */
#define GPU_CALL(g, table, function, ...)                                                                    \
  require(fnet_internal_cuda_result(&(g)->driver, &(g)->options, (g)->table.function(__VA_ARGS__),           \
                                    #function, NULL, 0),                                                     \
          "the driver")

static int gpu_attribute(gpu *g, int attribute) {
  int value = 0;
  GPU_CALL(g, driver, cuDeviceGetAttribute, &value, attribute, g->device);
  return value;
}

/* The driver, and what the first device is. */
static void find_gpu(gpu *g) {
  *g = (gpu){.options = {.message = reason, .message_bytes = sizeof reason}};
  require(fnet_internal_cuda_open(&g->driver, &g->options), "the driver");
#define GPU_FIND(name, symbol, parameters)                                                                   \
  {                                                                                                          \
    void *address = dlsym(g->driver.library, #symbol);                                                       \
    memcpy(&g->more.name, &address, sizeof address);                                                         \
    require(address == NULL ? FNET_ERROR_DEVICE : FNET_OK, #symbol);                                         \
  }
  GPU_FUNCTIONS(GPU_FIND)
#undef GPU_FIND
  GPU_CALL(g, driver, cuInit, 0);
  GPU_CALL(g, driver, cuDeviceGet, &g->device, 0);
  GPU_CALL(g, more, cuDeviceGetName, g->name, (int)sizeof g->name, g->device);
  g->capability = 10 * gpu_attribute(g, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) +
                  gpu_attribute(g, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  g->processors = gpu_attribute(g, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
}

/* Also its primary context, current from here on, a stream and two events. */
static inline void open_gpu(gpu *g) {
  find_gpu(g);
  GPU_CALL(g, driver, cuDevicePrimaryCtxRetain, &g->context, g->device);
  GPU_CALL(g, driver, cuCtxPushCurrent, g->context);
  GPU_CALL(g, driver, cuStreamCreate, &g->stream, CU_STREAM_NON_BLOCKING);
  GPU_CALL(g, more, cuEventCreate, &g->begin, 0);
  GPU_CALL(g, more, cuEventCreate, &g->end, 0);
}

static inline void close_gpu(gpu *g) {
  CUcontext popped;
  GPU_CALL(g, more, cuEventDestroy, g->begin);
  GPU_CALL(g, more, cuEventDestroy, g->end);
  GPU_CALL(g, driver, cuStreamDestroy, g->stream);
  GPU_CALL(g, driver, cuCtxPopCurrent, &popped);
  GPU_CALL(g, driver, cuDevicePrimaryCtxRelease, g->device);
  fnet_internal_cuda_close(&g->driver);
}

static inline void wait_for_gpu(gpu *g) {
  GPU_CALL(g, driver, cuStreamSynchronize, g->stream);
}

static inline CUdeviceptr allocate_on_gpu(gpu *g, size_t bytes) {
  CUdeviceptr memory = 0;
  GPU_CALL(g, driver, cuMemAlloc, &memory, bytes == 0 ? 1 : bytes);
  return memory;
}

/* Both wait until the bytes are there. */
static inline void copy_to_gpu(gpu *g, CUdeviceptr to, const void *from, size_t bytes) {
  GPU_CALL(g, driver, cuMemcpyHtoDAsync, to, from, bytes, g->stream);
  wait_for_gpu(g);
}

static inline void copy_from_gpu(gpu *g, void *to, CUdeviceptr from, size_t bytes) {
  GPU_CALL(g, driver, cuMemcpyDtoHAsync, to, from, bytes, g->stream);
  wait_for_gpu(g);
}

/* Seconds that pass on the device between start_clock and what was queued before stop_clock. Events tell
   times apart from half a microsecond on. */
static inline void start_clock(gpu *g) {
  GPU_CALL(g, more, cuEventRecord, g->begin, g->stream);
}

static inline double stop_clock(gpu *g) {
  float milliseconds = 0;
  GPU_CALL(g, more, cuEventRecord, g->end, g->stream);
  GPU_CALL(g, more, cuEventSynchronize, g->end);
  GPU_CALL(g, more, cuEventElapsedTime, &milliseconds, g->begin, g->end);
  return 1e-3 * (double)milliseconds;
}

#endif
