/* An instance's memory on its device: one allocation in parts, the weights in it and the arena zeroed. */
#include "instance.h"

/* Of every part, as of an allocation of its own. */
static const uint64_t alignment = 256;

/* Takes the next `bytes` of the instance's memory: their offset. */
static uint64_t take(fnet_cuda_instance *instance, uint64_t bytes) {
  const uint64_t offset = instance->memory_bytes;
  instance->memory_bytes += (bytes + alignment - 1) / alignment * alignment;
  return offset;
}

/* Lays the parts out: addresses relative to the allocation that is still to come. */
static void lay_out(fnet_cuda_instance *instance) {
  const fnet_model *model = instance->model->model;
  instance->weights = take(instance, model->weight_bytes);
  instance->arena = take(instance, model->arena_bytes);
  instance->scratch = take(instance, model->caller_scratch_bytes);
  for (uint32_t i = 0; i < model->input_count; ++i)
    instance->tensors[i] = take(instance, model->inputs[i].bytes);
  for (uint32_t i = 0; i < model->output_count; ++i)
    instance->tensors[model->input_count + i] = take(instance, model->outputs[i].bytes);
}

fnet_status fnet_internal_cuda_fill_memory(fnet_cuda_instance *instance) {
  const fnet_model *model = instance->model->model;
  lay_out(instance);
  fnet_status status = FNET_CUDA_CALL(instance, cuMemAlloc, &instance->memory, instance->memory_bytes);
  if (status != FNET_OK)
    return status;
  instance->weights += instance->memory;
  instance->arena += instance->memory;
  instance->scratch += instance->memory;
  for (uint32_t i = 0; i < model->input_count + model->output_count; ++i)
    instance->tensors[i] += instance->memory;
  if (model->weight_bytes != 0)
    status = FNET_CUDA_CALL(instance, cuMemcpyHtoDAsync, instance->weights, instance->model->weights,
                            model->weight_bytes, instance->stream);
  /* Kernels read the borders of tensors and never write them. */
  if (status == FNET_OK && model->arena_bytes != 0)
    status =
        FNET_CUDA_CALL(instance, cuMemsetD8Async, instance->arena, 0, model->arena_bytes, instance->stream);
  return status;
}
