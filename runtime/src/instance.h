/* An instance in memory: what init lays out and run, scratch and parallel loops use. */
#ifndef FASTERNET_SRC_INSTANCE_H
#define FASTERNET_SRC_INSTANCE_H

#include "front.h"

struct fnet_instance;

/* One worker's bump allocator. Positions count FNET_ALIGNMENT bytes from `base`. */
typedef struct fnet_context {
  struct fnet_instance *instance;
  unsigned char *base;
  uint32_t worker;
  uint32_t limit;       /* positions there are */
  uint32_t top;         /* first free position */
  uint32_t block_count; /* blocks below top, freed ones included */
  uint32_t
      blocks[FNET_WORKER_BLOCKS]; /* first position of each; the highest bit says that it has been freed */
} fnet_context;

typedef struct fnet_instance {
  fnet_front front;
  const fnet_model *model; /* null after done */
  const fnet_variant *variant;
  fnet_options options;
  size_t workers;
  unsigned char *arena;
  unsigned char *first_worker;  /* worker 0's context, caller scratch and scratch */
  unsigned char *other_workers; /* context and scratch of worker 1, 2 ... */
  int in_parallel;              /* a parallel loop runs: tasks that start another one do it inline */
} fnet_instance;

/* The context of a worker below instance->workers. */
FNET_HIDDEN fnet_context *fnet_internal_context(const fnet_instance *instance, size_t worker);
/* Frees all that a context has given out. */
FNET_HIDDEN void fnet_internal_reset(fnet_context *context);

#endif
