/* Models compiled for NVIDIA GPUs: what a generated header <name>_cuda.h builds on.
 *
 * The driver (libcuda.so.1, nvcuda.dll) is opened by init, not linked: where there is none, init returns
 * FNET_ERROR_DEVICE and says so in options.message. An instance owns everything that it needs on its device: code,
 * weights, arena, buffers for run's inputs and outputs. There is no state outside instances: several may live and
 * run at once, on one or more devices, from one or more threads; one instance runs once at a time.
 *
 * The device's primary context is retained by init and released by done, and current only inside calls: a host that
 * uses the CUDA runtime shares it, and finds its own context current afterwards.
 */
#ifndef FASTERNET_CUDA_H
#define FASTERNET_CUDA_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that an instance holds on its device: weights, arena and scratch, and run's inputs and outputs. Code comes on
 * top. 0 for null. */
FNET_PUBLIC uint64_t fnet_cuda_device_bytes(const void *instance);

#ifdef __cplusplus
}
#endif
#endif
