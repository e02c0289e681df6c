/* Reading memory as fast as a core can: sums with the widest loads of an instruction set. The width matters
   although memory is far slower than the core: with wider loads, more bytes are on their way at a time (Zen
   5, one thread: 36 GB/s with 16-byte loads, 42 with 64-byte loads). */
#ifndef FASTERNET_HARNESS_MEMORY_READ_H
#define FASTERNET_HARNESS_MEMORY_READ_H

#include "fasternet/abi.h"

#include <stddef.h>
#include <stdint.h>

/* What one turn of each loop reads is a divisor of this. */
enum { memory_read_step = 256 };

/* Four sums: two loads and two adds in a cycle, and an add takes one or two cycles. Their names are apart
   because an array of them would live in memory. */
#define DEFINE_MEMORY_READ(name, attributes, vector_bytes)                                                   \
  attributes static uint64_t name(const unsigned char *memory, size_t bytes) {                               \
    typedef uint64_t vector __attribute__((vector_size(vector_bytes)));                                      \
    const vector *values = (const vector *)(const void *)memory;                                             \
    vector a = {0}, b = {0}, c = {0}, d = {0};                                                               \
    for (size_t i = 0; i < bytes / vector_bytes; i += 4) {                                                   \
      a += values[i];                                                                                        \
      b += values[i + 1];                                                                                    \
      c += values[i + 2];                                                                                    \
      d += values[i + 3];                                                                                    \
    }                                                                                                        \
    a += b + c + d;                                                                                          \
    uint64_t sum = 0;                                                                                        \
    for (size_t lane = 0; lane < vector_bytes / sizeof sum; ++lane)                                          \
      sum += a[lane];                                                                                        \
    return sum;                                                                                              \
  }

DEFINE_MEMORY_READ(read_vectors_16, , 16) /* SSE2, NEON: always there */
#if defined(__x86_64__)
DEFINE_MEMORY_READ(read_vectors_32, __attribute__((target("avx2"))), 32)
DEFINE_MEMORY_READ(read_vectors_64, __attribute__((target("avx512f"))), 64)
#endif

/* The sum of the 64-bit words in `bytes` bytes of 64-byte aligned memory, a multiple of memory_read_step.
   `features` are a variant's FNET_CPU_* bits, which must hold on this CPU. */
static uint64_t read_memory(uint64_t features, const unsigned char *memory, size_t bytes) {
#if defined(__x86_64__)
  if (features & FNET_CPU_X86_64_V4)
    return read_vectors_64(memory, bytes);
  if (features & FNET_CPU_X86_64_V3)
    return read_vectors_32(memory, bytes);
#endif
  (void)features;
  return read_vectors_16(memory, bytes);
}

#endif
