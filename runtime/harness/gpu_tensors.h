/* A model's inputs and outputs in device memory of the host's own, and run_device on them. */
#ifndef FASTERNET_HARNESS_GPU_TENSORS_H
#define FASTERNET_HARNESS_GPU_TENSORS_H

#include "gpu.h"
#include "harness.h"

#define FNET_HARNESS_RUN_DEVICE_OF(name) FNET_HARNESS_JOIN(name, _run_device)
#define FNET_HARNESS_RUN_DEVICE FNET_HARNESS_RUN_DEVICE_OF(FNET_HARNESS_MODEL)
fnet_status FNET_HARNESS_RUN_DEVICE(void *instance, const void *const *inputs, void *const *outputs,
                                    void *stream);

typedef struct gpu_tensors {
  void **inputs, **outputs; /* device addresses */
} gpu_tensors;

static void **allocate_all_on_gpu(gpu *g, const fnet_tensor *tensors, uint32_t count) {
  void **pointers = allocate(count * sizeof *pointers);
  for (uint32_t i = 0; i < count; ++i)
    pointers[i] = (void *)(uintptr_t)allocate_on_gpu(g, (size_t)tensors[i].bytes);
  return pointers;
}

static void free_all_on_gpu(gpu *g, void **pointers, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    GPU_CALL(g, driver, cuMemFree, (CUdeviceptr)(uintptr_t)pointers[i]);
  free(pointers);
}

/* With the session's inputs in them. */
static gpu_tensors make_gpu_tensors(gpu *g, const session *s) {
  gpu_tensors tensors = {allocate_all_on_gpu(g, model->inputs, model->input_count),
                         allocate_all_on_gpu(g, model->outputs, model->output_count)};
  for (uint32_t i = 0; i < model->input_count; ++i)
    copy_to_gpu(g, (CUdeviceptr)(uintptr_t)tensors.inputs[i], s->inputs[i], (size_t)model->inputs[i].bytes);
  return tensors;
}

static void free_gpu_tensors(gpu *g, const gpu_tensors *tensors) {
  free_all_on_gpu(g, tensors->inputs, model->input_count);
  free_all_on_gpu(g, tensors->outputs, model->output_count);
}

/* Queues one run on the program's stream. */
static void queue_run(const session *s, const gpu *g, const gpu_tensors *tensors) {
  require(
      FNET_HARNESS_RUN_DEVICE(s->instance, (const void *const *)tensors->inputs, tensors->outputs, g->stream),
      "run_device");
}

#endif
