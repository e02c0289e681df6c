/* Opens the CUDA driver, and turns its results into statuses and texts. */
#include "driver.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char library_name[] = "libcuda.so.1";

void fnet_internal_cuda_say(const fnet_options *options, const char *format, ...) {
  if (options->message == NULL)
    return;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(options->message, options->message_bytes, format, arguments);
  va_end(arguments);
}

fnet_status fnet_internal_cuda_result(const fnet_cuda_driver *driver, const fnet_options *options,
                                      CUresult result, const char *call, const char *what, uint32_t index) {
  if (result == CUDA_SUCCESS)
    return FNET_OK;
  const char *name = NULL, *description = NULL;
  char number[32];
  if (driver->cuGetErrorName(result, &name) != CUDA_SUCCESS || name == NULL) {
    (void)snprintf(number, sizeof number, "error %d", result);
    name = number;
  }
  if (driver->cuGetErrorString(result, &description) != CUDA_SUCCESS || description == NULL)
    description = "unknown to this driver";
  if (what == NULL)
    fnet_internal_cuda_say(options, "%s: %s: %s", call, name, description);
  else
    fnet_internal_cuda_say(options, "%s (%s %u): %s: %s", call, what, (unsigned)index, name, description);
  return FNET_ERROR_DEVICE;
}

/* ISO C has no conversion between pointers to objects and to functions; POSIX has their representations
 * agree. */
static int find(void *library, const char *symbol, void *function, const fnet_options *options) {
  void *address = dlsym(library, symbol);
  memcpy(function, &address, sizeof address);
  if (address == NULL)
    fnet_internal_cuda_say(options, "%s has no %s: a driver of CUDA 11.4 or later is needed", library_name,
                           symbol);
  return address != NULL;
}

fnet_status fnet_internal_cuda_open(fnet_cuda_driver *driver, const fnet_options *options) {
  /* The driver has threads and exit handlers of its own: once mapped it stays. */
  driver->library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (driver->library == NULL) {
    const char *reason = dlerror();
    fnet_internal_cuda_say(options, "%s cannot be loaded: %s", library_name, reason == NULL ? "" : reason);
    return FNET_ERROR_DEVICE;
  }
#define FIND(name, symbol, parameters)                                                                       \
  if (!find(driver->library, #symbol, &driver->name, options))                                               \
    return FNET_ERROR_DEVICE;
  FNET_CUDA_DRIVER_FUNCTIONS(FIND)
#undef FIND
  return FNET_OK;
}

void fnet_internal_cuda_close(fnet_cuda_driver *driver) {
  if (driver->library != NULL)
    dlclose(driver->library);
  driver->library = NULL;
}
