/* Life of an instance on a GPU: init opens the driver and puts everything on the device, done gives it back.
 */
#include "instance.h"

#include <limits.h>
#include <string.h>

_Static_assert(sizeof(fnet_cuda_instance) + FNET_ALIGNMENT - 1 <= FNET_CUDA_INSTANCE_HEADER_BYTES,
               "the instance and the slack for any alignment fit what the compiler counts");
_Static_assert(sizeof(CUmodule) <= FNET_CUDA_HANDLE_BYTES && sizeof(CUfunction) <= FNET_CUDA_HANDLE_BYTES,
               "handles fit what the compiler counts");
_Static_assert(sizeof(fnet_cuda_instance) % sizeof(CUmodule) == 0, "handles behind the instance are aligned");

/* The device, what it can run, and its context. */
static fnet_status find_device(fnet_cuda_instance *instance) {
  int major = 0, minor = 0;
  fnet_status status = fnet_internal_cuda_open(&instance->driver, &instance->options);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuInit, 0);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL_FOR("device", (uint32_t)instance->options.device, instance, cuDeviceGet,
                                &instance->device, (int)instance->options.device);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuDeviceGetAttribute, &major,
                            CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, instance->device);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuDeviceGetAttribute, &minor,
                            CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, instance->device);
  instance->capability = (uint32_t)(10 * major + minor);
  if (status == FNET_OK)
    status = fnet_internal_cuda_choose(instance);
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuDevicePrimaryCtxRetain, &instance->context, instance->device);
  return status;
}

/* Everything on the device, with its context current. */
static fnet_status set_up(fnet_cuda_instance *instance) {
  fnet_status status = FNET_CUDA_CALL(instance, cuStreamCreate, &instance->stream, CU_STREAM_NON_BLOCKING);
  if (status == FNET_OK)
    status = fnet_internal_cuda_load_modules(instance);
  if (status == FNET_OK)
    status = fnet_internal_cuda_fill_memory(instance);
  if (status == FNET_OK && (instance->options.flags & FNET_OPTION_GRAPH) != 0)
    status = fnet_internal_cuda_prepare_graph(instance, &instance->run_graph, instance->tensors);
  if (status == FNET_OK && (instance->options.flags & FNET_OPTION_GRAPH) != 0)
    status = FNET_CUDA_CALL(instance, cuGraphUpload, instance->run_graph.executable, instance->stream);
  /* run_device may use any stream. */
  if (status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuStreamSynchronize, instance->stream);
  return status;
}

/* Gives back whatever there is. Nobody is left to be told of a failure. */
static void release(fnet_cuda_instance *instance) {
  const fnet_cuda_driver *driver = &instance->driver;
  if (instance->context != NULL) {
    const int entered = driver->cuCtxPushCurrent(instance->context) == CUDA_SUCCESS;
    CUcontext popped;
    /* An init that failed may have copies under way. */
    if (instance->stream != NULL)
      (void)driver->cuStreamSynchronize(instance->stream);
    if (instance->run_graph.executable != NULL)
      (void)driver->cuGraphExecDestroy(instance->run_graph.executable);
    if (instance->caller_graph.executable != NULL)
      (void)driver->cuGraphExecDestroy(instance->caller_graph.executable);
    if (instance->stream != NULL)
      (void)driver->cuStreamDestroy(instance->stream);
    for (uint32_t i = 0; i < instance->variant->module_count; ++i)
      if (instance->modules[i] != NULL)
        (void)driver->cuModuleUnload(instance->modules[i]);
    if (instance->memory != 0)
      (void)driver->cuMemFree(instance->memory);
    if (entered)
      (void)driver->cuCtxPopCurrent(&popped);
    (void)driver->cuDevicePrimaryCtxRelease(instance->device);
  }
  fnet_internal_cuda_close(&instance->driver);
  memset(instance, 0, sizeof *instance);
}

static fnet_status check_options(const fnet_options *options) {
  if ((options->flags & FNET_OPTION_GRAPH) != 0 && options->step_done != NULL) {
    fnet_internal_cuda_say(options,
                           "FNET_OPTION_GRAPH and step_done exclude each other: a graph runs as a whole");
    return FNET_ERROR_ARGUMENT;
  }
  if (options->device > INT_MAX) {
    fnet_internal_cuda_say(options, "device %llu cannot exist", (unsigned long long)options->device);
    return FNET_ERROR_ARGUMENT;
  }
  return FNET_OK;
}

/* An instance in `memory` that has nothing yet. */
static fnet_cuda_instance *place_instance(const fnet_cuda_model *model, void *memory,
                                          const fnet_options *options) {
  const size_t slack = (size_t)(-(uintptr_t)memory % FNET_ALIGNMENT);
  fnet_cuda_instance *instance = (fnet_cuda_instance *)(void *)((unsigned char *)memory + slack);
  const size_t handle_bytes = model->model->instance_bytes - FNET_CUDA_INSTANCE_HEADER_BYTES;
  memset(instance, 0, sizeof *instance + handle_bytes);
  instance->model = model;
  instance->options = *options;
  return instance;
}

/* Handles lie behind the instance: modules, then functions. */
static void place_handles(fnet_cuda_instance *instance) {
  instance->modules = (CUmodule *)(void *)(instance + 1);
  instance->functions = (CUfunction *)(void *)(instance->modules + instance->variant->module_count);
}

fnet_status fnet_internal_cuda_init(const fnet_cuda_model *model, void *memory, size_t bytes,
                                    const fnet_options *given, void **result) {
  if (result == NULL)
    return FNET_ERROR_ARGUMENT;
  *result = NULL;
  if (model == NULL || memory == NULL)
    return FNET_ERROR_ARGUMENT;
  fnet_options options;
  fnet_status status = fnet_internal_read_options(given, FNET_OPTION_GRAPH, &options);
  if (status == FNET_OK)
    status = fnet_internal_cuda_check_tables(model, &options);
  if (status == FNET_OK)
    status = check_options(&options);
  if (status != FNET_OK)
    return status;
  if (bytes < model->model->instance_bytes)
    return FNET_ERROR_MEMORY;

  fnet_cuda_instance *instance = place_instance(model, memory, &options);
  status = find_device(instance);
  if (status == FNET_OK) {
    place_handles(instance);
    status = fnet_internal_cuda_enter(instance);
    if (status == FNET_OK)
      status = fnet_internal_cuda_leave(instance, set_up(instance));
  }
  if (status != FNET_OK) {
    release(instance);
    return status;
  }
  instance->front.variant = instance->variant->name;
  *result = instance;
  return FNET_OK;
}

void fnet_internal_cuda_done(void *opaque) {
  if (opaque != NULL)
    release(opaque);
}

uint64_t fnet_cuda_device_bytes(const void *instance) {
  return instance == NULL ? 0 : ((const fnet_cuda_instance *)instance)->memory_bytes;
}
