/* Times a model's public run function, interleaved with windows of the CPU's multiply-add peak. Prints `key
 * value` lines: variant, first_ms, median_ms, p10_ms, p90_ms, runs, peak_gflops, then `step <index>
 * <median_ms>`. Links with fma_peak.c. FNET_HARNESS_SECONDS (optional) is about how long it measures.
 */
#define _POSIX_C_SOURCE 200809L

#include "harness.h"
#include "peak.h"

#include <time.h>

#ifndef FNET_HARNESS_SECONDS
#define FNET_HARNESS_SECONDS 2.0
#endif

enum { warm_up_runs = 2, least_runs = 5, peak_windows = 20 };

static double clock_ms(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static double now_ms(void) {
  return clock_ms(CLOCK_MONOTONIC);
}

/* Measured times of one thing; room for more is made between measurements. */
typedef struct samples {
  double *values;
  size_t count, room;
} samples;

static void append(samples *s, double value) {
  if (s->count == s->room) {
    s->room = s->room == 0 ? 256 : 2 * s->room;
    s->values = realloc(s->values, s->room * sizeof *s->values);
    require(s->values == NULL ? FNET_ERROR_MEMORY : FNET_OK, "realloc");
  }
  s->values[s->count++] = value;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The value below which `share` of the samples lie, by the nearest rank; sorts them. */
static double quantile(samples *s, double share) {
  qsort(s->values, s->count, sizeof *s->values, compare);
  return s->values[(size_t)(share * (double)(s->count - 1) + 0.5)];
}

/* Any values do, as long as they are ordinary numbers: a linear congruential sequence in [-1, 1). */
static void fill_inputs(session *s) {
  uint32_t state = 12345;
  for (uint32_t i = 0; i < model->input_count; ++i) {
    float *values = s->inputs[i];
    for (size_t v = 0; v < value_count(&model->inputs[i]); ++v) {
      state = state * 1664525u + 1013904223u;
      values[v] = (float)(int32_t)state * 0x1p-31f;
    }
  }
}

static void measure_runs(session *s, double seconds) {
  for (int i = 0; i < warm_up_runs; ++i)
    run(s);
  samples times = {0};
  double best_peak = 0;
  int windows = 0;
  double begin_ms = now_ms();
  for (;;) {
    double share = (now_ms() - begin_ms) / (seconds * 1e3);
    if (share >= 1 && times.count >= least_runs && windows == peak_windows)
      break;
    if (windows < peak_windows && share * peak_windows >= windows) {
      double peak = peak_gflops(s);
      best_peak = peak > best_peak ? peak : best_peak;
      ++windows;
    }
    double start_ms = now_ms();
    run(s);
    append(&times, now_ms() - start_ms);
  }
  printf("median_ms %.6f\n", quantile(&times, 0.5));
  printf("p10_ms %.6f\n", quantile(&times, 0.1));
  printf("p90_ms %.6f\n", quantile(&times, 0.9));
  printf("runs %zu\n", times.count);
  printf("peak_gflops %.3f\n", best_peak);
  free(times.values);
}

typedef struct step_times {
  double last_ms;
  samples *steps; /* one for each step */
} step_times;

static void step_done(void *opaque, size_t step) {
  step_times *times = opaque;
  append(&times->steps[step], now_ms() - times->last_ms);
  times->last_ms = now_ms();
}

/* In runs of their own: the clock calls between steps must not be part of the total. */
static void measure_steps(session *s, double seconds) {
  step_times times = {.steps = calloc(model->step_count + 1u, sizeof *times.steps)};
  require(times.steps == NULL ? FNET_ERROR_MEMORY : FNET_OK, "calloc");
  model->done(s->instance);
  s->options.step_done = step_done;
  s->options.step_self = &times;
  start(s);
  double begin_ms = now_ms();
  for (int runs = 0; runs < least_runs || now_ms() - begin_ms < seconds * 1e3; ++runs) {
    times.last_ms = now_ms();
    run(s);
  }
  for (uint32_t step = 0; step < model->step_count; ++step) {
    if (times.steps[step].count > 0)
      printf("step %u %.6f\n", (unsigned)step, quantile(&times.steps[step], 0.5));
    free(times.steps[step].values);
  }
  free(times.steps);
}

int main(void) {
  /* What loading the program has cost so far; then wall time of what a host does before it has a result. The
     host's own image is no part of that. */
  double loading_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
  session s;
  double begin_ms = now_ms();
  prepare(&s);
  double prepared_ms = now_ms();
  fill_inputs(&s);
  double filled_ms = now_ms();
  start(&s);
  run(&s);
  double first_ms = loading_ms + (prepared_ms - begin_ms) + (now_ms() - filled_ms);
  printf("variant %s\n", fnet_instance_variant(s.instance));
  printf("first_ms %.6f\n", first_ms);
  measure_runs(&s, FNET_HARNESS_SECONDS * 0.75);
  measure_steps(&s, FNET_HARNESS_SECONDS * 0.25);
  finish(&s);
  return 0;
}
