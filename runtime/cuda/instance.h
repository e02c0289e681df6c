/* An instance on a GPU: what init makes, run and run_device use, and done gives back. */
#ifndef FASTERNET_CUDA_INSTANCE_H
#define FASTERNET_CUDA_INSTANCE_H

#include "driver.h"
#include "fasternet/cuda_abi.h"
#include "front.h"

/* Launches as one graph, and the addresses that are written into it. */
typedef struct fnet_cuda_graph {
  CUgraphExec executable; /* null: none yet */
  CUdeviceptr tensors[FNET_CUDA_TENSORS];
} fnet_cuda_graph;

/* Zeroed before init and after done: null and 0 say what is not there. */
typedef struct fnet_cuda_instance {
  fnet_front front;
  const fnet_cuda_model *model;
  const fnet_cuda_variant *variant;
  fnet_options options;
  fnet_cuda_driver driver;
  CUdevice device;
  uint32_t capability;   /* such as 86 */
  CUcontext context;     /* the device's primary context, retained */
  CUstream stream;       /* of run, and of the capture of graphs */
  CUmodule *modules;     /* variant->module_count and ... */
  CUfunction *functions; /* ... variant->function_count, behind this struct */
  CUdeviceptr memory;    /* one allocation, in parts: weights, arena, scratch, tensors */
  uint64_t memory_bytes;
  CUdeviceptr weights, arena, scratch;
  CUdeviceptr tensors[FNET_CUDA_TENSORS]; /* run's inputs, then its outputs */
  fnet_cuda_graph run_graph,
      caller_graph; /* with FNET_OPTION_GRAPH: of run, and of run_device's last pointers */
} fnet_cuda_instance;

/* The numbers in the tables lie within their ranges and belong to this runtime; else FNET_ERROR_VERSION, with
   a text. */
FNET_HIDDEN fnet_status fnet_internal_cuda_check_tables(const fnet_cuda_model *model,
                                                        const fnet_options *options);

/* Sets `variant`; the rule stands in cuda_abi.h. FNET_ERROR_DEVICE, with a text, where there is none. */
FNET_HIDDEN fnet_status fnet_internal_cuda_choose(fnet_cuda_instance *instance);

/* Makes the context current, and what was current before current again. leave returns `status`, or its own
 * failure. */
FNET_HIDDEN fnet_status fnet_internal_cuda_enter(fnet_cuda_instance *instance);
FNET_HIDDEN fnet_status fnet_internal_cuda_leave(fnet_cuda_instance *instance, fnet_status status);

/* The steps of init that need the context: each leaves what it made in the instance, also when it fails. */
FNET_HIDDEN fnet_status fnet_internal_cuda_load_modules(fnet_cuda_instance *instance);
FNET_HIDDEN fnet_status fnet_internal_cuda_fill_memory(fnet_cuda_instance *instance);

/* Queues all launches on `stream`, with inputs and outputs at `tensors`. `wait_for_steps`: after the last
   launch of each step waits for it and calls options.step_done. The context is current. */
FNET_HIDDEN fnet_status fnet_internal_cuda_launch(fnet_cuda_instance *instance, const CUdeviceptr *tensors,
                                                  CUstream stream, int wait_for_steps);

/* Queues the launch of that index alone. */
FNET_HIDDEN fnet_status fnet_internal_cuda_launch_one(fnet_cuda_instance *instance,
                                                      const CUdeviceptr *tensors, CUstream stream,
                                                      uint32_t index);

/* Makes the graph fit the addresses: captures the launches where it was made for others. The context is
 * current. */
FNET_HIDDEN fnet_status fnet_internal_cuda_prepare_graph(fnet_cuda_instance *instance, fnet_cuda_graph *graph,
                                                         const CUdeviceptr *tensors);

#endif
