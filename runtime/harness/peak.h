/* The multiply-add peak of all threads of a session together, with the instruction set of its variant. */
#ifndef FASTERNET_HARNESS_PEAK_H
#define FASTERNET_HARNESS_PEAK_H

#include "fma_peak.h"
#include "workers.h"

#include <string.h>

/* Rounds of one peak window: 0.3 to 1 ms at 4 GHz, long beside the clock's resolution, short beside a time
   slice. */
static const uint64_t peak_rounds = 150000;

/* One window on every thread at once. */
typedef struct peak_window {
  uint64_t features;
  atomic_size_t arrived;
  double gflops[FNET_HARNESS_THREADS];
} peak_window;

static void measure_peak(void *opaque, size_t index, size_t worker) {
  (void)worker;
  peak_window *window = opaque;
  wait_for_all(&window->arrived);
  double start = clock_seconds();
  double operations = fnet_harness_fma(window->features, FNET_HARNESS_ELEMENT_BITS, peak_rounds);
  window->gflops[index] = 1e-9 * operations / (clock_seconds() - start);
}

static uint64_t variant_features(const char *name) {
  for (uint32_t i = 0; i < model->variant_count; ++i)
    if (strcmp(model->variants[i].name, name) == 0)
      return model->variants[i].features;
  return 0;
}

/* GFLOP/s of one window. The instance must have been started. */
static double peak_gflops(const session *s) {
  peak_window window = {.features = variant_features(fnet_instance_variant(s->instance))};
  atomic_init(&window.arrived, 0);
  on_all_workers(s, measure_peak, &window);
  double sum = 0;
  for (size_t i = 0; i < FNET_HARNESS_THREADS; ++i)
    sum += window.gflops[i];
  return sum;
}

#endif
