/* How a library runs work on several threads: through the host's own parallel-for, or a pool of this runtime.
 */
#ifndef FASTERNET_PARALLEL_H
#define FASTERNET_PARALLEL_H

#include <stddef.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One piece of work; it throws nothing. `worker` is below fnet_parallel.workers and no two tasks that run at
   the same time for the same call may have the same one: it chooses the scratch memory. */
typedef void (*fnet_task)(void *argument, size_t index, size_t worker);

/* A parallel-for. `run` calls task(argument, i, worker) once for each i in 0..count-1, in any order and on
   any threads, and returns when all have returned. Fastest is a thread that runs consecutive indices in
   order: kernels prefetch what the next one reads. It is called from the thread that calls the library's run
   function. `workers`, at least 1, is read in init. It may leave by longjmp, once no task runs any more: the
   output of that run is not valid, the instance is, and the next run works. An exception must not leave it:
   generated code carries no unwind tables (catch it, and throw it again when the library's run has returned).
 */
typedef struct fnet_parallel {
  void *self;
  size_t workers;
  void (*run)(void *self, fnet_task task, void *argument, size_t count);
} fnet_parallel;

/* The runtime's own pool: `threads` workers, 1 to FNET_POOL_MAX_THREADS, the calling thread being one of
   them. The caller owns the memory, of at least fnet_pool_bytes(threads) bytes in any alignment, until
   fnet_pool_done. Several instances, also on different threads, may share a pool; a call that finds it busy,
   or that comes out of a task, does its work on the calling thread alone. Each worker runs consecutive
   indices first, then what others have left. Its threads spin for 100 to 200 microseconds after work, then
   sleep, and take no signals. */
#define FNET_POOL_MAX_THREADS 1024u
typedef struct fnet_pool fnet_pool;
/* 0 for a number of threads that is not allowed. */
FNET_PUBLIC size_t fnet_pool_bytes(size_t threads);
/* FNET_ERROR_ARGUMENT, FNET_ERROR_MEMORY, or FNET_ERROR_SYSTEM when a thread cannot be had; *pool is null
 * then. */
FNET_PUBLIC fnet_status fnet_pool_init(void *memory, size_t bytes, size_t threads, fnet_pool **pool);
/* Valid as long as the pool; null for null. */
FNET_PUBLIC const fnet_parallel *fnet_pool_parallel(fnet_pool *pool);
/* Joins the threads. No instance may be running on the pool. Null is allowed. */
FNET_PUBLIC void fnet_pool_done(fnet_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
