/* Device code: modules loaded as machine code or PTX, and the functions in them. */
#include "instance.h"

/* Dynamic shared memory that a launch may have without asking for it first. */
enum { shared_bytes_at_once = 48 * 1024 };

static fnet_status load_module(fnet_cuda_instance *instance, uint32_t index) {
  const fnet_cuda_module *module = &instance->variant->modules[index];
  /* Machine code runs on devices of the same major number. */
  if (module->cubin != NULL && instance->variant->capability / 10 == instance->capability / 10) {
    const CUresult result = instance->driver.cuModuleLoadData(&instance->modules[index], module->cubin);
    /* A driver that cannot take this form of machine code can still compile the PTX. */
    if (result != CUDA_ERROR_INVALID_IMAGE && result != CUDA_ERROR_NO_BINARY_FOR_GPU)
      return fnet_internal_cuda_result(&instance->driver, &instance->options, result, "cuModuleLoadData",
                                       "kernel module", index);
  }
  return FNET_CUDA_CALL_FOR("kernel module", index, instance, cuModuleLoadData, &instance->modules[index],
                            module->ptx);
}

/* The driver may put off loading a function until somebody asks for it: here, so that run finds all in place.
 */
static fnet_status get_function(fnet_cuda_instance *instance, uint32_t index) {
  const fnet_cuda_function *function = &instance->variant->functions[index];
  CUfunction *handle = &instance->functions[index];
  fnet_status status = FNET_CUDA_CALL_FOR("function", index, instance, cuModuleGetFunction, handle,
                                          instance->modules[function->module], function->name);
  if (status == FNET_OK && function->shared_bytes > shared_bytes_at_once)
    status = FNET_CUDA_CALL_FOR("function", index, instance, cuFuncSetAttribute, *handle,
                                CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, (int)function->shared_bytes);
  return status;
}

fnet_status fnet_internal_cuda_load_modules(fnet_cuda_instance *instance) {
  fnet_status status = FNET_OK;
  for (uint32_t i = 0; i < instance->variant->module_count && status == FNET_OK; ++i)
    status = load_module(instance, i);
  for (uint32_t i = 0; i < instance->variant->function_count && status == FNET_OK; ++i)
    status = get_function(instance, i);
  return status;
}
