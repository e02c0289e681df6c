/* Counts every allocation of the process, libc's own included, while run is at work. Prints the count. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tiny_gelu.h"

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
static atomic_size_t allocations;

void *malloc(size_t n) {
  return atomic_fetch_add(&allocations, 1), __libc_malloc(n);
}
void *calloc(size_t n, size_t m) {
  return atomic_fetch_add(&allocations, 1), __libc_calloc(n, m);
}
void *realloc(void *p, size_t n) {
  return atomic_fetch_add(&allocations, 1), __libc_realloc(p, n);
}
void *memalign(size_t a, size_t n) {
  return atomic_fetch_add(&allocations, 1), __libc_memalign(a, n);
}
void *aligned_alloc(size_t a, size_t n) {
  return memalign(a, n);
}
int posix_memalign(void **p, size_t a, size_t n) {
  return (*p = memalign(a, n)) ? 0 : 12;
}

int main(int argc, char **argv) {
  const size_t threads = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
  static float input[TINY_GELU_INPUT_ELEMENTS], output[TINY_GELU_OUTPUT_ELEMENTS];
  const size_t bytes = TINY_GELU_INSTANCE_BYTES_FOR(threads), pool_bytes = fnet_pool_bytes(threads);
  void *memory = malloc(bytes), *pool_memory = malloc(pool_bytes);
  fnet_pool *pool;
  tiny_gelu *model;
  if (fnet_pool_init(pool_memory, pool_bytes, threads, &pool) != FNET_OK)
    return 2;
  const fnet_options options = {.struct_size = sizeof options, .parallel = fnet_pool_parallel(pool)};
  if (tiny_gelu_init(memory, bytes, &options, &model) != FNET_OK)
    return 3;
  if (atomic_load(&allocations) < 2)
    return 4; /* the counter does not count */
  const size_t before = atomic_load(&allocations);
  for (int i = 0; i < 20; ++i)
    if (tiny_gelu_run(model, input, output) != FNET_OK)
      return 5;
  const size_t counted = atomic_load(&allocations) - before;
  tiny_gelu_done(model);
  fnet_pool_done(pool);
  printf("%zu\n", counted);
  return 0;
}
