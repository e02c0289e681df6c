/* The device's context, current during calls only. */
#include "instance.h"

fnet_status fnet_internal_cuda_enter(fnet_cuda_instance *instance) {
  return FNET_CUDA_CALL(instance, cuCtxPushCurrent, instance->context);
}

fnet_status fnet_internal_cuda_leave(fnet_cuda_instance *instance, fnet_status status) {
  CUcontext popped;
  if (status == FNET_OK)
    return FNET_CUDA_CALL(instance, cuCtxPopCurrent, &popped);
  (void)instance->driver.cuCtxPopCurrent(&popped); /* the text stays that of the first failure */
  return status;
}
