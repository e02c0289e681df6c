/* Times a model's public run function, interleaved with windows of the CPU's multiply-add peak and of reading
 * memory. Prints `key value` lines: variant, cpu, starts, first_ms (the median of that many starts),
 * peak_memory_bytes (of the model, without what only measuring needs), median_ms, p10_ms, p90_ms, runs,
 * peak_gflops, bandwidth_gbps, then `step <index> <median_ms>`. Links with fma_peak.c. FNET_HARNESS_SECONDS
 * (optional) is about how long it measures.
 */
#define _DEFAULT_SOURCE

#include "bench.h"
#include "bandwidth.h"
#include "machine.h"
#include "peak.h"
#include "starts.h"

/* What the CPU reaches at best, with the threads of the session. */
typedef struct cpu_peaks {
  const session *s;
  bandwidth_buffer buffer;
} cpu_peaks;

static double cpu_gflops(void *self) {
  return peak_gflops(((const cpu_peaks *)self)->s);
}

static double cpu_gbps(void *self) {
  cpu_peaks *peaks = self;
  return bandwidth_gbps(peaks->s, &peaks->buffer);
}

static void measure_model(session *s, double seconds) {
  for (int i = 0; i < warm_up_runs; ++i)
    run(s);
  printf("peak_memory_bytes %" PRIu64 "\n", peak_memory_bytes());
  cpu_peaks peaks = {s, make_bandwidth_buffer(s)};
  measure_runs(s, seconds, &(machine_peaks){cpu_gflops, cpu_gbps, &peaks});
  free(peaks.buffer.memory);
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

int main(int argc, char **argv) {
  session s;
  double first_ms = first_result_ms(&s);
  if (is_only_start(argc, argv)) {
    printf("%.6f\n", first_ms);
    finish(&s);
    return 0;
  }
  printf("variant %s\n", fnet_instance_variant(s.instance));
  print_cpu();
  print_starts(first_ms);
  measure_model(&s, FNET_HARNESS_SECONDS * 0.75);
  measure_steps(&s, FNET_HARNESS_SECONDS * 0.25);
  finish(&s);
  return 0;
}
