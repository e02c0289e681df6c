/* What instances have in common, whatever they run on: the options of init, and the name of the variant. */
#ifndef FASTERNET_SRC_FRONT_H
#define FASTERNET_SRC_FRONT_H

#include "fasternet/abi.h"

/* The first member of every instance. */
typedef struct fnet_front {
  const char *variant; /* null after done */
} fnet_front;

/* Copies what the host's version of the struct holds and empties `message`; see fnet_options. `flags` are
 * those that this runtime has a use for: FNET_ERROR_ARGUMENT for any other. */
FNET_HIDDEN fnet_status fnet_internal_read_options(const fnet_options *given, uint64_t flags,
                                                   fnet_options *options);

#endif
