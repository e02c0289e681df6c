/* Models compiled for NVIDIA GPUs: what a generated header <name>_cuda.h builds on.
 *
 * The driver (libcuda.so.1, of CUDA 11.4 or later) is opened by init, not linked: where there is none, init
 * returns FNET_ERROR_DEVICE and says so in options.message. An instance owns everything that it needs on its
 * device: code, weights, arena, buffers for run's inputs and outputs. There is no state outside instances:
 * several may live and run at once, on one or more devices, from one or more threads; one instance runs once
 * at a time.
 *
 * Whatever the driver refuses is FNET_ERROR_DEVICE, and options.message names the call and the driver's own
 * words for it, such as "cuModuleLoadData (kernel module 3): CUDA_ERROR_NO_BINARY_FOR_GPU: no kernel image is
 * available ...". An init that fails has given everything back.
 *
 * run copies the inputs to the device, launches, copies the outputs back and returns when they are there; it
 * allocates nothing. Page-locked host memory makes the copies faster. With options.step_done it waits for
 * each step.
 *
 * run_device takes device pointers, each aligned to 16 bytes (FNET_ERROR_ARGUMENT), and a CUstream or
 * cudaStream_t (null: the legacy default stream) of the device's primary context. It queues launches there
 * and does nothing else: no copy, no wait, no step_done. The host may capture the stream. What it queued must
 * have ended before the instance runs again on another stream, and before done.
 *
 * FNET_OPTION_GRAPH: the launches are captured into a graph that then goes out in one call. For run init does
 * that; run_device does it on its first call and whenever its pointers change, on a stream of its own. On a
 * stream that the host is capturing run_device launches plainly, into the host's graph. Not together with
 * step_done (FNET_ERROR_ARGUMENT): a graph has no steps to wait for.
 *
 * The device's primary context is retained by init and released by done, and current only inside calls: a
 * host that uses the CUDA runtime shares it, and finds its own context current afterwards.
 */
#ifndef FASTERNET_CUDA_H
#define FASTERNET_CUDA_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that an instance holds on its device: weights, arena and scratch, and run's inputs and outputs. Code
 * comes on top. 0 for null. */
FNET_PUBLIC uint64_t fnet_cuda_device_bytes(const void *instance);

#ifdef __cplusplus
}
#endif
#endif
