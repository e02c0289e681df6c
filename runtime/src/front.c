/* Options as this version of the runtime knows them, and the query that every instance answers alike. */
#include "front.h"

#include <string.h>

/* Beyond this a struct_size is garbage, not a newer version. */
enum { largest_options = 1024 };

fnet_status fnet_internal_read_options(const fnet_options *given, uint64_t flags, fnet_options *options) {
  memset(options, 0, sizeof *options);
  options->struct_size = sizeof *options;
  if (given == NULL)
    return FNET_OK;
  size_t size = given->struct_size;
  if (size < sizeof(size_t) || size > largest_options || size % sizeof(void *) != 0)
    return FNET_ERROR_ARGUMENT;
  for (size_t i = sizeof *options; i < size; ++i)
    if (((const unsigned char *)given)[i] != 0)
      return FNET_ERROR_VERSION;
  memcpy(options, given, size < sizeof *options ? size : sizeof *options);
  options->struct_size = sizeof *options;
  if (options->message == NULL || options->message_bytes == 0)
    options->message = NULL;
  else
    options->message[0] = '\0';
  if ((options->flags & ~flags) != 0)
    return FNET_ERROR_ARGUMENT;
  if (options->parallel != NULL && (options->parallel->workers == 0 || options->parallel->run == NULL))
    return FNET_ERROR_ARGUMENT;
  return FNET_OK;
}

const char *fnet_instance_variant(const void *instance) {
  return instance == NULL ? NULL : ((const fnet_front *)instance)->variant;
}
