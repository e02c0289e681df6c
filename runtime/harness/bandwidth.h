/* The rate at which all threads of a session together read from main memory: each adds up its own part of a
 * buffer that no cache keeps from one pass to the next, upwards, as hardware prefetchers like it. It is what
 * reading weights once can reach; caches give more.
 */
#ifndef FASTERNET_HARNESS_BANDWIDTH_H
#define FASTERNET_HARNESS_BANDWIDTH_H

#include "memory_read.h"
#include "peak.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* 256 MiB are several times the last-level cache that one program has to itself on most machines. A window
   reads an eighth, 1 to 10 ms: it takes eight windows until the same bytes come again. */
enum { bandwidth_windows_per_pass = 8 };
static const size_t most_bandwidth_bytes = (size_t)256 << 20, least_bandwidth_bytes = (size_t)1 << 20;
static const size_t bandwidth_alignment = (size_t)2 << 20; /* of a huge page */

typedef struct bandwidth_buffer {
  unsigned char *memory;
  size_t part_bytes; /* of one thread in one window */
  size_t next_window;
} bandwidth_buffer;

typedef struct bandwidth_window {
  const bandwidth_buffer *buffer;
  uint64_t features;
  atomic_size_t arrived;
  double begin[FNET_HARNESS_THREADS], end[FNET_HARNESS_THREADS];
  volatile uint64_t sums[FNET_HARNESS_THREADS]; /* of no use but that the reading cannot be left out */
} bandwidth_window;

static unsigned char *bandwidth_part(const bandwidth_buffer *buffer, size_t window, size_t index) {
  return buffer->memory + (window * FNET_HARNESS_THREADS + index) * buffer->part_bytes;
}

/* Each thread writes what it will read, so that the pages lie near it. */
static void fill_part(void *opaque, size_t index, size_t worker) {
  (void)worker;
  bandwidth_window *window = opaque;
  wait_for_all(&window->arrived);
  for (size_t pass = 0; pass < bandwidth_windows_per_pass; ++pass)
    memset(bandwidth_part(window->buffer, pass, index), 1, window->buffer->part_bytes);
}

static void read_part(void *opaque, size_t index, size_t worker) {
  (void)worker;
  bandwidth_window *window = opaque;
  const bandwidth_buffer *buffer = window->buffer;
  const unsigned char *part = bandwidth_part(buffer, buffer->next_window, index);
  wait_for_all(&window->arrived);
  window->begin[index] = clock_seconds();
  window->sums[index] = read_memory(window->features, part, buffer->part_bytes);
  window->end[index] = clock_seconds();
}

/* At most a quarter of the machine's memory, and half of that again as long as it cannot be had. */
static bandwidth_buffer make_bandwidth_buffer(const session *s) {
  size_t bytes = most_bandwidth_bytes;
  const long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
  while (pages > 0 && page_bytes > 0 && bytes > least_bandwidth_bytes &&
         bytes / (size_t)page_bytes > (size_t)pages / 4)
    bytes /= 2;
  void *memory = NULL;
  while (posix_memalign(&memory, bandwidth_alignment, bytes) != 0) {
    require(bytes <= least_bandwidth_bytes ? FNET_ERROR_MEMORY : FNET_OK, "posix_memalign");
    bytes /= 2;
  }
#ifdef MADV_HUGEPAGE
  madvise(memory, bytes, MADV_HUGEPAGE); /* address translation is no part of it; a refusal does no harm */
#endif
  const size_t part = bytes / bandwidth_windows_per_pass / FNET_HARNESS_THREADS;
  bandwidth_buffer buffer = {.memory = memory, .part_bytes = part / memory_read_step * memory_read_step};
  bandwidth_window window = {.buffer = &buffer};
  atomic_init(&window.arrived, 0);
  on_all_workers(s, fill_part, &window);
  return buffer;
}

/* GB/s of one window: all bytes over the time from the first thread's begin to the last one's end, because
   threads that read alone would get another's share. The instance must have been started. */
static double bandwidth_gbps(const session *s, bandwidth_buffer *buffer) {
  bandwidth_window window = {.buffer = buffer,
                             .features = variant_features(fnet_instance_variant(s->instance))};
  atomic_init(&window.arrived, 0);
  on_all_workers(s, read_part, &window);
  double begin = window.begin[0], end = window.end[0];
  for (size_t i = 0; i < FNET_HARNESS_THREADS; ++i) {
    begin = window.begin[i] < begin ? window.begin[i] : begin;
    end = window.end[i] > end ? window.end[i] : end;
  }
  buffer->next_window = (buffer->next_window + 1) % bandwidth_windows_per_pass;
  return 1e-9 * (double)(FNET_HARNESS_THREADS * buffer->part_bytes) / (end - begin);
}

#endif
