/* Parallel loops of kernels, through the host's parallel-for. */
#include "instance.h"

#include <stdatomic.h>

typedef int (*kernel_task)(void *context, int index, uint8_t *closure);

typedef struct loop {
  fnet_instance *instance;
  kernel_task task;
  uint8_t *closure;
  int min;
  atomic_int failure;
} loop;

static void run_task(void *argument, size_t index, size_t worker) {
  loop *loop = argument;
  if (atomic_load_explicit(&loop->failure, memory_order_relaxed) != 0)
    return;
  /* A worker that init was not told of has no memory. */
  int result = -1;
  if (worker < loop->instance->workers)
    result = loop->task(fnet_internal_context(loop->instance, worker), loop->min + (int)index, loop->closure);
  int none = 0;
  if (result != 0)
    atomic_compare_exchange_strong_explicit(&loop->failure, &none, result, memory_order_relaxed,
                                            memory_order_relaxed);
}

int fnet_internal_do_par_for(void *opaque, kernel_task task, int min, int size, uint8_t *closure) {
  fnet_context *context = opaque;
  fnet_instance *instance = context->instance;
  if (size <= 1 || instance->workers == 1 || instance->in_parallel) {
    for (int i = 0; i < size; ++i) {
      int result = task(context, min + i, closure);
      if (result != 0)
        return result;
    }
    return 0;
  }
  loop loop = {.instance = instance, .task = task, .closure = closure, .min = min};
  atomic_init(&loop.failure, 0);
  const fnet_parallel *parallel = instance->options.parallel;
  instance->in_parallel = 1;
  parallel->run(parallel->self, run_task, &loop, (size_t)size);
  instance->in_parallel = 0;
  return atomic_load_explicit(&loop.failure, memory_order_relaxed);
}
