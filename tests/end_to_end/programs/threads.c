/* Runs with 1 to 5 threads and with two instances at once on one pool; prints whether all outputs have the
 * same bits. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tiny_gelu.h"

enum { MOST = 5, OUTPUTS = TINY_GELU_OUTPUT_ELEMENTS };
static float input[TINY_GELU_INPUT_ELEMENTS], expected[OUTPUTS];

typedef struct job {
  tiny_gelu *model;
  float output[OUTPUTS];
  int same;
} job;

static void *repeat(void *argument) {
  job *j = argument;
  j->same = 1;
  for (int i = 0; i < 50; ++i) {
    memset(j->output, 0, sizeof j->output);
    j->same &= tiny_gelu_run(j->model, input, j->output) == FNET_OK &&
               memcmp(j->output, expected, sizeof expected) == 0;
  }
  return NULL;
}

int main(void) {
  for (size_t i = 0; i < TINY_GELU_INPUT_ELEMENTS; ++i)
    input[i] = (float)(i * 2654435761u % 1000) / 500.0f - 1.0f;
  for (size_t threads = 1; threads <= MOST; ++threads) {
    const size_t bytes = TINY_GELU_INSTANCE_BYTES_FOR(threads), pool_bytes = fnet_pool_bytes(threads);
    fnet_pool *pool;
    if (fnet_pool_init(malloc(pool_bytes), pool_bytes, threads, &pool) != FNET_OK)
      return 2;
    const fnet_options options = {.struct_size = sizeof options, .parallel = fnet_pool_parallel(pool)};
    job jobs[2];
    for (int i = 0; i < 2; ++i)
      if (tiny_gelu_init(malloc(bytes), bytes, &options, &jobs[i].model) != FNET_OK)
        return 3;
    if (threads == 1 && tiny_gelu_run(jobs[0].model, input, expected) != FNET_OK)
      return 4;
    pthread_t other;
    pthread_create(&other, NULL, repeat, &jobs[1]);
    repeat(&jobs[0]);
    pthread_join(other, NULL);
    if (!jobs[0].same || !jobs[1].same)
      return printf("different with %zu threads\n", threads), 1;
    fnet_pool_done(pool);
  }
  puts("same");
  return 0;
}
