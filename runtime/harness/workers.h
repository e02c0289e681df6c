/* Measuring on all threads of a session at once. */
#ifndef FASTERNET_HARNESS_WORKERS_H
#define FASTERNET_HARNESS_WORKERS_H

#include "harness.h"

#include <stdatomic.h>
#include <time.h>

static double clock_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Each thread waits for the others, so that all measure at the same time and none takes two tasks. */
static void wait_for_all(atomic_size_t *arrived) {
  atomic_fetch_add(arrived, 1);
  while (atomic_load(arrived) < FNET_HARNESS_THREADS)
    ;
}

/* Calls task(self, index, worker) with the indices 0 to FNET_HARNESS_THREADS - 1; tasks that call
   wait_for_all get a thread each. */
static void on_all_workers(const session *s, void (*task)(void *, size_t, size_t), void *self) {
  if (s->options.parallel == NULL)
    task(self, 0, 0);
  else
    s->options.parallel->run(s->options.parallel->self, task, self, FNET_HARNESS_THREADS);
}

#endif
