/* What the timing programs share: clocks, inputs, windows of the machine's peaks among the runs. */
#ifndef FASTERNET_HARNESS_BENCH_H
#define FASTERNET_HARNESS_BENCH_H

#include "harness.h"
#include "samples.h"

#include <time.h>

#ifndef FNET_HARNESS_SECONDS
#define FNET_HARNESS_SECONDS 2.0
#endif

enum { warm_up_runs = 2, least_runs = 5, peak_windows = 20, bandwidth_windows = 10 };

static double clock_ms(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static double now_ms(void) {
  return clock_ms(CLOCK_MONOTONIC);
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

/* Time of the first result: what loading the program has cost so far, then wall time of what a host does
   before it has one. The host's own image is no part of that. */
static double first_result_ms(session *s) {
  double loading_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
  double begin_ms = now_ms();
  prepare(s);
  double prepared_ms = now_ms();
  fill_inputs(s);
  double filled_ms = now_ms();
  start(s);
  run(s);
  return loading_ms + (prepared_ms - begin_ms) + (now_ms() - filled_ms);
}

/* Best of windows that are spread evenly over the measuring time, because clocks move and other programs come
   and go. */
typedef struct best_window {
  double best;
  int taken;
  const int wanted;
} best_window;

static int window_is_due(const best_window *w, double share) {
  return w->taken < w->wanted && share * w->wanted >= w->taken;
}

static void add_window(best_window *w, double value) {
  w->best = value > w->best ? value : w->best;
  ++w->taken;
}

/* Windows of what the machine reaches at best: in GFLOP/s of multiply-adds, and GB/s from its memory. */
typedef struct machine_peaks {
  double (*gflops)(void *self), (*gbps)(void *self);
  void *self;
} machine_peaks;

/* Times the public run function, with windows in between, and prints median_ms, p10_ms, p90_ms, runs,
   peak_gflops, bandwidth_gbps. */
static void measure_runs(session *s, double seconds, const machine_peaks *peaks) {
  samples times = {0};
  best_window peak = {.wanted = peak_windows}, bandwidth = {.wanted = bandwidth_windows};
  double begin_ms = now_ms();
  for (;;) {
    double share = (now_ms() - begin_ms) / (seconds * 1e3);
    if (share >= 1 && times.count >= least_runs && peak.taken == peak.wanted &&
        bandwidth.taken == bandwidth.wanted)
      break;
    if (window_is_due(&peak, share))
      add_window(&peak, peaks->gflops(peaks->self));
    if (window_is_due(&bandwidth, share)) {
      add_window(&bandwidth, peaks->gbps(peaks->self));
      run(s); /* untimed: the window has emptied the caches */
    }
    double start_ms = now_ms();
    run(s);
    append(&times, now_ms() - start_ms);
  }
  printf("median_ms %.6f\n", quantile(&times, 0.5));
  printf("p10_ms %.6f\n", quantile(&times, 0.1));
  printf("p90_ms %.6f\n", quantile(&times, 0.9));
  printf("runs %zu\n", times.count);
  printf("peak_gflops %.3f\n", peak.best);
  printf("bandwidth_gbps %.3f\n", bandwidth.best);
  free(times.values);
}

#endif
