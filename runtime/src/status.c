/* The sentence of each status code. */
#include "fasternet/status.h"

const char *fnet_status_text(fnet_status status) {
  switch (status) {
  case FNET_OK:
    return "The call succeeded.";
  case FNET_ERROR_ARGUMENT:
    return "A required pointer is null, or an option has an impossible value.";
  case FNET_ERROR_MEMORY:
    return "The memory given is smaller than needed for this number of workers.";
  case FNET_ERROR_CPU:
    return "No variant in the library runs on this CPU, or the one asked for does not.";
  case FNET_ERROR_VERSION:
    return "Library, runtime and options do not belong to the same interface version.";
  case FNET_ERROR_KERNEL:
    return "A kernel reported a failure; the output is not valid.";
  case FNET_ERROR_SYSTEM:
    return "The operating system refused a thread or a lock.";
  case FNET_ERROR_DEVICE:
    return "The accelerator or its driver failed or is absent.";
  }
  return "The number is no status of this interface.";
}
