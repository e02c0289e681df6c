/* The launches of a run, in order on one stream. */
#include "instance.h"

/* The address that an argument stands for, or the number. */
static uint64_t resolve(const fnet_cuda_instance *instance, const CUdeviceptr *tensors,
                        const fnet_cuda_argument *argument) {
  switch (argument->base) {
  case FNET_CUDA_WEIGHTS:
    return instance->weights + argument->value;
  case FNET_CUDA_ARENA:
    return instance->arena + argument->value;
  case FNET_CUDA_SCRATCH:
    return instance->scratch + argument->value;
  case FNET_CUDA_INPUT:
    return tensors[argument->index] + argument->value;
  case FNET_CUDA_OUTPUT:
    return tensors[instance->model->model->input_count + argument->index] + argument->value;
  default:
    return argument->value;
  }
}

fnet_status fnet_internal_cuda_launch_one(fnet_cuda_instance *instance, const CUdeviceptr *tensors,
                                          CUstream stream, uint32_t index) {
  const fnet_cuda_launch *launch = &instance->variant->launches[index];
  uint64_t values[FNET_CUDA_ARGUMENTS];
  /* The driver reads as many bytes of each as the kernel declares: the low ones come first. */
  void *parameters[FNET_CUDA_ARGUMENTS];
  for (uint32_t i = 0; i < launch->argument_count; ++i) {
    values[i] = resolve(instance, tensors, &launch->arguments[i]);
    parameters[i] = &values[i];
  }
  return FNET_CUDA_CALL_FOR("launch", index, instance, cuLaunchKernel, instance->functions[launch->function],
                            launch->grid[0], launch->grid[1], launch->grid[2], launch->block[0],
                            launch->block[1], launch->block[2], launch->shared_bytes, stream, parameters,
                            NULL);
}

static fnet_status end_step(fnet_cuda_instance *instance, CUstream stream, uint32_t step) {
  fnet_status status = FNET_CUDA_CALL_FOR("step", step, instance, cuStreamSynchronize, stream);
  if (status == FNET_OK)
    instance->options.step_done(instance->options.step_self, step);
  return status;
}

fnet_status fnet_internal_cuda_launch(fnet_cuda_instance *instance, const CUdeviceptr *tensors,
                                      CUstream stream, int wait_for_steps) {
  const fnet_cuda_variant *variant = instance->variant;
  for (uint32_t i = 0; i < variant->launch_count; ++i) {
    fnet_status status = fnet_internal_cuda_launch_one(instance, tensors, stream, i);
    const uint32_t step = variant->launches[i].step;
    const int last = i + 1 == variant->launch_count || variant->launches[i + 1].step != step;
    if (status == FNET_OK && wait_for_steps && last)
      status = end_step(instance, stream, step);
    if (status != FNET_OK)
      return status;
  }
  return FNET_OK;
}
