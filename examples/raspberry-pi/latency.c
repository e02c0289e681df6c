/* FasterNet-T0's latency: milliseconds of the first run and of the middle one of many, on 1 to 4 threads.
 * Usage: latency [THREADS [RUNS]]      (default: 1 thread, 50 runs) */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fasternet_t0.h"

enum { MOST_THREADS = 4, MOST_RUNS = 10000 };

static unsigned char memory[FASTERNET_T0_INSTANCE_BYTES_FOR(MOST_THREADS)];
static float image[FASTERNET_T0_INPUT_ELEMENTS];   /* [1, 3, 224, 224], normalised as in training */
static float scores[FASTERNET_T0_OUTPUT_ELEMENTS]; /* [1, 1000] */
static double times[MOST_RUNS];

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A number from 1 to `most`; 0 for anything else. */
static long number(const char *text, long most) {
  char *end;
  const long value = strtol(text, &end, 10);
  return *text != '\0' && *end == '\0' && value >= 1 && value <= most ? value : 0;
}

static fnet_status measure(fasternet_t0 *model, long runs) {
  for (long i = 0; i < runs; ++i) {
    const double start = now_ms();
    const fnet_status status = fasternet_t0_run(model, image, scores);
    if (status != FNET_OK)
      return status;
    times[i] = now_ms() - start;
  }
  return FNET_OK;
}

static void report(const fasternet_t0 *model, long threads, long runs) {
  int best = 0;
  for (int c = 1; c < FASTERNET_T0_OUTPUT_ELEMENTS; ++c)
    if (scores[c] > scores[best])
      best = c;
  printf("class %d: %.4f\n", best, (double)scores[best]);
  printf("%s, %ld thread%s: first run %.1f ms, ", fnet_instance_variant(model), threads,
         threads > 1 ? "s" : "", times[0]);
  qsort(times, (size_t)runs, sizeof *times, by_value);
  printf("median of %ld %.1f ms\n", runs, times[runs / 2]);
}

int main(int argc, char **argv) {
  const long threads = argc > 1 ? number(argv[1], MOST_THREADS) : 1;
  const long runs = argc > 2 ? number(argv[2], MOST_RUNS) : 50;
  if (threads == 0 || runs == 0 || argc > 3) {
    fprintf(stderr, "usage: latency [THREADS [RUNS]], at most %d and %d\n", MOST_THREADS, MOST_RUNS);
    return 2;
  }
  for (int i = 0; i < FASTERNET_T0_INPUT_ELEMENTS; ++i) /* your decoded picture goes here */
    image[i] = (float)(i % 224) / 112.0f - 1.0f;

  const size_t pool_bytes = fnet_pool_bytes((size_t)threads);
  void *pool_memory = malloc(pool_bytes);
  fnet_pool *pool = NULL;
  fasternet_t0 *model = NULL;
  fnet_status status = fnet_pool_init(pool_memory, pool_bytes, (size_t)threads, &pool);
  if (status == FNET_OK) {
    const fnet_options options = {.struct_size = sizeof options, .parallel = fnet_pool_parallel(pool)};
    status = fasternet_t0_init(memory, sizeof memory, &options, &model);
  }
  if (status == FNET_OK)
    status = measure(model, runs);
  if (status == FNET_OK)
    report(model, threads, runs);
  else
    fprintf(stderr, "latency: %s\n", fnet_status_text(status));
  fasternet_t0_done(model);
  fnet_pool_done(pool);
  free(pool_memory);
  return status != FNET_OK;
}
