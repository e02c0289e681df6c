/* Times a model's public run function, interleaved with windows of the CPU's multiply-add peak and of reading
 * memory. Prints `key value` lines: variant, cpu, first_ms, peak_memory_bytes (of the model, without what
 * only measuring needs), median_ms, p10_ms, p90_ms, runs, peak_gflops, bandwidth_gbps, then `step <index>
 * <median_ms>`. Links with fma_peak.c. FNET_HARNESS_SECONDS (optional) is about how long it measures.
 */
#define _DEFAULT_SOURCE

#include "bandwidth.h"
#include "harness.h"
#include "machine.h"
#include "peak.h"
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

static void measure_runs(session *s, double seconds) {
  for (int i = 0; i < warm_up_runs; ++i)
    run(s);
  printf("peak_memory_bytes %" PRIu64 "\n", peak_memory_bytes());
  bandwidth_buffer buffer = make_bandwidth_buffer(s);
  samples times = {0};
  best_window peak = {.wanted = peak_windows}, bandwidth = {.wanted = bandwidth_windows};
  double begin_ms = now_ms();
  for (;;) {
    double share = (now_ms() - begin_ms) / (seconds * 1e3);
    if (share >= 1 && times.count >= least_runs && peak.taken == peak.wanted &&
        bandwidth.taken == bandwidth.wanted)
      break;
    if (window_is_due(&peak, share))
      add_window(&peak, peak_gflops(s));
    if (window_is_due(&bandwidth, share)) {
      add_window(&bandwidth, bandwidth_gbps(s, &buffer));
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
  free(buffer.memory);
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
  print_cpu();
  printf("first_ms %.6f\n", first_ms);
  measure_runs(&s, FNET_HARNESS_SECONDS * 0.75);
  measure_steps(&s, FNET_HARNESS_SECONDS * 0.25);
  finish(&s);
  return 0;
}
