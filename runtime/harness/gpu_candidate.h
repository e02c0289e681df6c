/* A tuned kernel's tensors and one candidate on the device. */
#ifndef FASTERNET_HARNESS_GPU_CANDIDATE_H
#define FASTERNET_HARNESS_GPU_CANDIDATE_H

#include "cuda_tune.h"
#include "gpu.h"
#include "tune_case.h"

/* Sets of tensors; they differ in their weights, which take turns, so that each call reads them from where a
   model's call would. */
typedef struct gpu_case {
  CUdeviceptr (*sets)[most_arguments];
  void *output; /* host memory for the output's tensor */
  size_t output_bytes;
} gpu_case;

static uint32_t output_index(void) {
  return batch.argument_count - 1;
}

static gpu_case make_gpu_case(gpu *g, int64_t sets) {
  gpu_case c = {.sets = allocate((size_t)sets * sizeof *c.sets),
                .output_bytes = tensor_bytes(&batch.arguments[output_index()])};
  c.output = allocate_aligned(c.output_bytes);
  for (uint32_t i = 0; i < batch.argument_count; ++i) {
    const size_t bytes = tensor_bytes(&batch.arguments[i]);
    void *values = allocate_aligned(bytes);
    fill_tensor(i, values);
    for (int64_t set = 0; set < sets; ++set) {
      const int shared = set > 0 && batch.arguments[i].role != role_weight;
      c.sets[set][i] = shared ? c.sets[0][i] : allocate_on_gpu(g, bytes);
      if (!shared)
        copy_to_gpu(g, c.sets[set][i], values, bytes);
    }
    free(values);
  }
  return c;
}

typedef struct loaded_candidate {
  gpu *g;
  const gpu_case *data;
  const gpu_candidate *candidate;
  CUmodule module;
  CUfunction functions[most_launches];
  CUdeviceptr intermediates[most_intermediates];
} loaded_candidate;

/* Returns from a function that gives a status, with the text of the failure in `reason`. */
#define TRY_GPU_CALL(g, table, function, ...)                                                                \
  do {                                                                                                       \
    const fnet_status tried = fnet_internal_cuda_result(                                                     \
        &(g)->driver, &(g)->options, (g)->table.function(__VA_ARGS__), #function, NULL, 0);                  \
    if (tried != FNET_OK)                                                                                    \
      return tried;                                                                                          \
  } while (0)

/* What a failed load leaves is not given back: the candidate is lost, and its process ends soon. */
static fnet_status load_candidate(loaded_candidate *l, gpu *g, const gpu_case *data, uint32_t index) {
  enum { shared_bytes_at_once = 48 * 1024 };
  *l = (loaded_candidate){.g = g, .data = data, .candidate = &gpu_candidates[index]};
  if (l->candidate->launch_count > most_launches || l->candidate->intermediate_count > most_intermediates) {
    fnet_internal_cuda_say(&g->options, "more launches or intermediates than this program has room for");
    return FNET_ERROR_ARGUMENT;
  }
  TRY_GPU_CALL(g, driver, cuModuleLoadData, &l->module, l->candidate->image);
  for (uint32_t i = 0; i < l->candidate->launch_count; ++i) {
    const gpu_launch *launch = &l->candidate->launches[i];
    if (launch->argument_count > most_launch_arguments) {
      fnet_internal_cuda_say(&g->options, "%s has %u parameters, this program has room for %u",
                             launch->function, launch->argument_count, (unsigned)most_launch_arguments);
      return FNET_ERROR_ARGUMENT;
    }
    TRY_GPU_CALL(g, driver, cuModuleGetFunction, &l->functions[i], l->module, launch->function);
    if (launch->shared_bytes > shared_bytes_at_once)
      TRY_GPU_CALL(g, driver, cuFuncSetAttribute, l->functions[i],
                   CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, (int)launch->shared_bytes);
  }
  for (uint32_t i = 0; i < l->candidate->intermediate_count; ++i)
    TRY_GPU_CALL(g, driver, cuMemAlloc, &l->intermediates[i], l->candidate->intermediate_bytes[i]);
  return FNET_OK;
}

static fnet_status unload_candidate(loaded_candidate *l) {
  for (uint32_t i = 0; i < l->candidate->intermediate_count; ++i)
    TRY_GPU_CALL(l->g, driver, cuMemFree, l->intermediates[i]);
  TRY_GPU_CALL(l->g, driver, cuModuleUnload, l->module);
  return FNET_OK;
}

static uint64_t parameter_value(const loaded_candidate *l, const CUdeviceptr *tensors,
                                const gpu_argument *argument) {
  if (argument->tensor < 0)
    return argument->value;
  const uint32_t tensor = (uint32_t)argument->tensor;
  return argument->value +
         (tensor < batch.argument_count ? tensors[tensor] : l->intermediates[tensor - batch.argument_count]);
}

/* Queues one call on set number `set`. */
static fnet_status queue_candidate(const loaded_candidate *l, uint64_t set) {
  for (uint32_t i = 0; i < l->candidate->launch_count; ++i) {
    const gpu_launch *launch = &l->candidate->launches[i];
    uint64_t values[most_launch_arguments];
    void *parameters[most_launch_arguments]; /* the low bytes of each, as many as the kernel declares */
    for (uint32_t a = 0; a < launch->argument_count; ++a) {
      values[a] = parameter_value(l, l->data->sets[set], &launch->arguments[a]);
      parameters[a] = &values[a];
    }
    TRY_GPU_CALL(l->g, driver, cuLaunchKernel, l->functions[i], launch->grid[0], launch->grid[1],
                 launch->grid[2], launch->block[0], launch->block[1], launch->block[2], launch->shared_bytes,
                 l->g->stream, parameters, NULL);
  }
  return FNET_OK;
}

#endif
