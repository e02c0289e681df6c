/* run, which takes and gives host memory, and run_device, which only launches. */
#include "instance.h"

/* No pointer is null, and all are aligned. */
static int all_valid(const void *const *pointers, uint32_t count, uintptr_t alignment) {
  for (uint32_t i = 0; i < count; ++i)
    if (pointers[i] == NULL || (uintptr_t)pointers[i] % alignment != 0)
      return 0;
  return 1;
}

static int all_usable(const fnet_cuda_instance *instance, const void *const *inputs, void *const *outputs,
                      uintptr_t alignment) {
  return instance != NULL && instance->model != NULL && inputs != NULL && outputs != NULL &&
         all_valid(inputs, instance->model->model->input_count, alignment) &&
         all_valid((const void *const *)outputs, instance->model->model->output_count, alignment);
}

static fnet_status queue_inputs(fnet_cuda_instance *instance, const void *const *inputs) {
  const fnet_model *model = instance->model->model;
  fnet_status status = FNET_OK;
  for (uint32_t i = 0; i < model->input_count && status == FNET_OK; ++i)
    status = FNET_CUDA_CALL_FOR("input", i, instance, cuMemcpyHtoDAsync, instance->tensors[i], inputs[i],
                                model->inputs[i].bytes, instance->stream);
  return status;
}

static fnet_status queue_launches(fnet_cuda_instance *instance) {
  if (instance->run_graph.executable != NULL)
    return FNET_CUDA_CALL(instance, cuGraphLaunch, instance->run_graph.executable, instance->stream);
  return fnet_internal_cuda_launch(instance, instance->tensors, instance->stream,
                                   /*wait_for_steps=*/instance->options.step_done != NULL);
}

static fnet_status queue_outputs(fnet_cuda_instance *instance, void *const *outputs) {
  const fnet_model *model = instance->model->model;
  fnet_status status = FNET_OK;
  for (uint32_t i = 0; i < model->output_count && status == FNET_OK; ++i)
    status = FNET_CUDA_CALL_FOR("output", i, instance, cuMemcpyDtoHAsync, outputs[i],
                                instance->tensors[model->input_count + i], model->outputs[i].bytes,
                                instance->stream);
  return status;
}

fnet_status fnet_internal_cuda_run(void *opaque, const void *const *inputs, void *const *outputs) {
  fnet_cuda_instance *instance = opaque;
  if (!all_usable(instance, inputs, outputs, /*alignment=*/1))
    return FNET_ERROR_ARGUMENT;
  fnet_status status = fnet_internal_cuda_enter(instance);
  if (status != FNET_OK)
    return status;
  status = queue_inputs(instance, inputs);
  if (status == FNET_OK)
    status = queue_launches(instance);
  if (status == FNET_OK)
    status = queue_outputs(instance, outputs);
  /* Also after a failure: what was queued before it uses the caller's memory. */
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuStreamSynchronize, instance->stream);
  else
    (void)instance->driver.cuStreamSynchronize(instance->stream);
  return fnet_internal_cuda_leave(instance, status);
}

/* As one graph, unless the host captures the stream: then its own graph takes the launches. */
static fnet_status launch_graph(fnet_cuda_instance *instance, const CUdeviceptr *tensors, CUstream stream) {
  int capturing = CU_STREAM_CAPTURE_STATUS_NONE;
  fnet_status status = FNET_CUDA_CALL(instance, cuStreamIsCapturing, stream, &capturing);
  if (status != FNET_OK)
    return status;
  if (capturing != CU_STREAM_CAPTURE_STATUS_NONE)
    return fnet_internal_cuda_launch(instance, tensors, stream, /*wait_for_steps=*/0);
  status = fnet_internal_cuda_prepare_graph(instance, &instance->caller_graph, tensors);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuGraphLaunch, instance->caller_graph.executable, stream);
  return status;
}

fnet_status fnet_internal_cuda_run_device(void *opaque, const void *const *inputs, void *const *outputs,
                                          void *stream) {
  fnet_cuda_instance *instance = opaque;
  /* Kernels load and store vectors of 16 bytes. */
  if (!all_usable(instance, inputs, outputs, /*alignment=*/16))
    return FNET_ERROR_ARGUMENT;
  const fnet_model *model = instance->model->model;
  CUdeviceptr tensors[FNET_CUDA_TENSORS] = {0};
  for (uint32_t i = 0; i < model->input_count; ++i)
    tensors[i] = (uintptr_t)inputs[i];
  for (uint32_t i = 0; i < model->output_count; ++i)
    tensors[model->input_count + i] = (uintptr_t)outputs[i];
  fnet_status status = fnet_internal_cuda_enter(instance);
  if (status != FNET_OK)
    return status;
  status = (instance->options.flags & FNET_OPTION_GRAPH) != 0
               ? launch_graph(instance, tensors, stream)
               : fnet_internal_cuda_launch(instance, tensors, stream, /*wait_for_steps=*/0);
  return fnet_internal_cuda_leave(instance, status);
}
