/* The process of our library in the side-by-side benchmark: the same commands and replies as worker.py, and
 * `peak`, which measures the CPU's multiply-add rate on all threads of the model at once.
 *
 * Usage: library_worker INPUT.f32
 */
#define _GNU_SOURCE

#include "harness/harness.h"
#include "harness/peak.h"

#include <string.h>
#include <time.h>

enum { most_runs = 1 << 16, peak_windows = 10 };

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void read_input(const char *path, float *values, size_t count) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(values, sizeof *values, count, file) != count) {
    fprintf(stderr, "%s: does not hold %zu values\n", path, count);
    exit(1);
  }
  fclose(file);
}

static void write_output(const char *path, const float *values, size_t count) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(values, sizeof *values, count, file) != count || fclose(file) != 0) {
    fprintf(stderr, "%s: cannot be written\n", path);
    exit(1);
  }
  printf("{\"values\": %zu}\n", count);
}

static void timed_round(session *s, double seconds) {
  run(s); /* the caches held another engine's data until now */
  printf("{\"times_ms\": [");
  uint64_t begin = now_ns();
  for (int count = 0; count == 0 || (count < most_runs && (double)(now_ns() - begin) < seconds * 1e9);
       ++count) {
    uint64_t start = now_ns();
    run(s);
    printf("%s%.6f", count == 0 ? "" : ", ", (double)(now_ns() - start) * 1e-6);
  }
  printf("]}\n");
}

static void print_peak(const session *s) {
  double best = 0;
  for (int i = 0; i < peak_windows; ++i) {
    double gflops = peak_gflops(s);
    best = gflops > best ? gflops : best;
  }
  printf("{\"peak_gflops\": %.3f}\n", best);
}

/* Not getrusage: its peak also covers the parent's memory between fork and exec. */
static void print_peak_memory(void) {
  long kib = 0;
  char line[256];
  FILE *status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL)
    if (sscanf(line, "VmHWM: %ld", &kib) == 1)
      break;
  if (status != NULL)
    fclose(status);
  printf("{\"libraries\": [], \"peak_kib\": %ld, \"baseline_kib\": 0}\n", kib);
}

static void serve(session *s) {
  char line[4096], path[4096];
  double seconds;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (sscanf(line, "round %lf", &seconds) == 1)
      timed_round(s, seconds);
    else if (sscanf(line, "output %4095s", path) == 1)
      write_output(path, s->outputs[0], value_count(&model->outputs[0]));
    else if (strcmp(line, "peak\n") == 0)
      print_peak(s);
    else if (strcmp(line, "shipped\n") == 0)
      print_peak_memory();
    fflush(stdout);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s INPUT.f32\n", argv[0]);
    return 2;
  }
  session s;
  prepare(&s);
  read_input(argv[1], s.inputs[0], value_count(&model->inputs[0]));
  start(&s);
  run(&s);
  printf("{\"first_ns\": %llu, \"precision\": \"f32\", \"macs\": %llu, \"variant\": \"%s\"}\n",
         (unsigned long long)now_ns(), (unsigned long long)model->macs, fnet_instance_variant(s.instance));
  fflush(stdout);
  serve(&s);
  finish(&s);
  return 0;
}
