/* Times a model for GPUs: its public run function, interleaved with windows of the device's multiply-add peak
 * and of reading its memory, then run as a graph, run_device both ways, and each kernel. Prints what bench.c
 * prints, of the device, and
 *   device_bytes            what an instance holds on the device
 *   graph_ms                median of run with FNET_OPTION_GRAPH
 *   device_ms               median of run_device, from its first launch to its last result
 *   device_graph_ms         the same with FNET_OPTION_GRAPH
 * A step's time is that of one of many calls that follow each other in a graph. FNET_HARNESS_SECONDS
 * (optional) is about how long it measures; FNET_HARNESS_TENSOR_CORES (optional) "f16" or "tf32", whose peak
 * on tensor cores takes the place of float32's.
 */
#define _DEFAULT_SOURCE

#include "bench.h"
#include "cuda/instance.h"
#include "gpu_graph.h"
#include "gpu_peak.h"
#include "gpu_tensors.h"
#include "machine.h"

#ifndef FNET_HARNESS_TENSOR_CORES
#define FNET_HARNESS_TENSOR_CORES NULL
#endif

typedef struct gpu_peaks {
  gpu *g;
  peak_kernel multiply, read;
} gpu_peaks;

static double gpu_gflops(void *self) {
  const gpu_peaks *peaks = self;
  return 1e-9 * run_peak(peaks->g, &peaks->multiply);
}

static double gpu_gbps(void *self) {
  const gpu_peaks *peaks = self;
  return 1e-9 * run_peak(peaks->g, &peaks->read);
}

static void measure_model(session *s, gpu *g, double seconds) {
  for (int i = 0; i < warm_up_runs; ++i)
    run(s);
  printf("peak_memory_bytes %" PRIu64 "\n", peak_memory_bytes());
  printf("device_bytes %" PRIu64 "\n", fnet_cuda_device_bytes(s->instance));
  gpu_peaks peaks = {g, load_multiply_peak(g, FNET_HARNESS_TENSOR_CORES), load_reading_peak(g)};
  measure_runs(s, seconds, &(machine_peaks){gpu_gflops, gpu_gbps, &peaks});
  unload_peak(g, &peaks.multiply);
  unload_peak(g, &peaks.read);
}

static double run_ms(session *s, gpu *g, const gpu_tensors *tensors) {
  (void)g, (void)tensors;
  const double begin_ms = now_ms();
  run(s);
  return now_ms() - begin_ms;
}

static double run_device_ms(session *s, gpu *g, const gpu_tensors *tensors) {
  start_clock(g);
  queue_run(s, g, tensors);
  return 1e3 * stop_clock(g);
}

/* Prints the median of one way to run. */
static void measure_way(const char *key, double (*way)(session *, gpu *, const gpu_tensors *), session *s,
                        gpu *g, const gpu_tensors *tensors, double seconds) {
  samples times = {0};
  for (int i = 0; i < warm_up_runs; ++i)
    way(s, g, tensors);
  for (double begin_ms = now_ms(); times.count < least_runs || now_ms() - begin_ms < seconds * 1e3;)
    append(&times, way(s, g, tensors));
  printf("%s %.6f\n", key, quantile(&times, 0.5));
  free(times.values);
}

/* The launches of one step. */
typedef struct step_launches {
  fnet_cuda_instance *instance;
  CUstream stream;
  uint32_t begin, end;
} step_launches;

static void queue_step(void *self, uint64_t call) {
  (void)call;
  const step_launches *step = self;
  for (uint32_t i = step->begin; i < step->end; ++i)
    require(fnet_internal_cuda_launch_one(step->instance, step->instance->tensors, step->stream, i),
            "launch");
}

static double step_ms(gpu *g, step_launches *step) {
  enum { windows = 5 };
  const double window_seconds = 1e-3;
  uint64_t calls = 0;
  CUgraphExec graph = capture_window(g, queue_step, step, window_seconds, &calls);
  samples times = {0};
  for (int i = 0; i < windows; ++i)
    append(&times, 1e3 * graph_seconds(g, graph) / (double)calls);
  GPU_CALL(g, driver, cuGraphExecDestroy, graph);
  const double median = quantile(&times, 0.5);
  free(times.values);
  return median;
}

/* Each step on whatever the runs have left in the arena: no branch or address of a kernel depends on values.
 */
static void measure_steps(session *s, gpu *g) {
  step_launches step = {.instance = s->instance, .stream = g->stream};
  const fnet_cuda_variant *variant = step.instance->variant;
  for (; step.begin < variant->launch_count; step.begin = step.end) {
    const uint32_t number = variant->launches[step.begin].step;
    for (step.end = step.begin;
         step.end < variant->launch_count && variant->launches[step.end].step == number;)
      ++step.end;
    printf("step %u %.6f\n", (unsigned)number, step_ms(g, &step));
  }
}

int main(void) {
  session s;
  gpu g;
  const double first_ms = first_result_ms(&s);
  open_gpu(&g);
  printf("variant %s\n", fnet_instance_variant(s.instance));
  printf("cpu %s (compute capability %d.%d)\n", g.name, g.capability / 10, g.capability % 10);
  printf("first_ms %.6f\n", first_ms);
  const gpu_tensors tensors = make_gpu_tensors(&g, &s);
  measure_model(&s, &g, FNET_HARNESS_SECONDS * 0.5);
  measure_way("device_ms", run_device_ms, &s, &g, &tensors, FNET_HARNESS_SECONDS * 0.15);
  measure_steps(&s, &g);
  model->done(s.instance);
  s.options.flags = FNET_OPTION_GRAPH;
  start(&s);
  measure_way("graph_ms", run_ms, &s, &g, &tensors, FNET_HARNESS_SECONDS * 0.15);
  measure_way("device_graph_ms", run_device_ms, &s, &g, &tensors, FNET_HARNESS_SECONDS * 0.15);
  free_gpu_tensors(&g, &tensors);
  finish(&s);
  close_gpu(&g);
  return 0;
}
