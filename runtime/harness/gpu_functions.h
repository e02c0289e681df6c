/* The driver's functions that harness programs call besides the loader's: for a device's name, and for
 * events, which no host of a library needs.
 */
#ifndef FASTERNET_HARNESS_GPU_FUNCTIONS_H
#define FASTERNET_HARNESS_GPU_FUNCTIONS_H

#include "cuda/driver.h"

typedef struct CUevent_st *CUevent;

/* X(name, symbol, parameters), as in cuda/driver.h. */
#define GPU_FUNCTIONS(X)                                                                                     \
  X(cuDeviceGetName, cuDeviceGetName, (char *, int, CUdevice))                                               \
  X(cuEventCreate, cuEventCreate, (CUevent *, unsigned))                                                     \
  X(cuEventRecord, cuEventRecord, (CUevent, CUstream))                                                       \
  X(cuEventSynchronize, cuEventSynchronize, (CUevent))                                                       \
  X(cuEventElapsedTime, cuEventElapsedTime, (float *, CUevent, CUevent))                                     \
  X(cuEventDestroy, cuEventDestroy_v2, (CUevent))

#endif
