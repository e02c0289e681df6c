/* How a library runs work on several threads: through the host's own parallel-for, or a pool of this runtime. */
#ifndef FASTERNET_PARALLEL_H
#define FASTERNET_PARALLEL_H

#include <stddef.h>

#include "fasternet/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One piece of work. `worker` is below fnet_parallel.workers and no two tasks that run at the same time for the
   same call may have the same one: it chooses the scratch memory. */
typedef void (*fnet_task)(void *argument, size_t index, size_t worker);

/* A parallel-for. `run` calls task(argument, i, worker) once for each i in 0..count-1, in any order and on any
   threads, and returns when all have returned. It is called from the thread that calls the library's run function. */
typedef struct fnet_parallel {
  void *self;
  size_t workers;
  void (*run)(void *self, fnet_task task, void *argument, size_t count);
} fnet_parallel;

/* The runtime's own pool: `threads` workers, the calling thread being one of them. The caller owns the memory, of at
   least fnet_pool_bytes(threads) bytes in any alignment, until fnet_pool_done. Several instances may share a pool;
   a call that finds it busy does its work on the calling thread alone. */
typedef struct fnet_pool fnet_pool;
size_t fnet_pool_bytes(size_t threads);
fnet_status fnet_pool_init(void *memory, size_t bytes, size_t threads, fnet_pool **pool);
const fnet_parallel *fnet_pool_parallel(fnet_pool *pool);
/* Joins the threads. No instance may be running on the pool. Null is allowed. */
void fnet_pool_done(fnet_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
