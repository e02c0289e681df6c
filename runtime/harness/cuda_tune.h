/* The candidates of a kernel for GPUs, besides the batch of tune.h; the tuner writes a table of them. */
#ifndef FASTERNET_HARNESS_CUDA_TUNE_H
#define FASTERNET_HARNESS_CUDA_TUNE_H

#include "tune.h"

/* One parameter of a launch. */
typedef struct gpu_argument {
  int32_t tensor; /* an argument of the batch, then the candidate's intermediates; negative: a scalar */
  uint64_t value; /* byte offset, or the scalar's bits */
} gpu_argument;

typedef struct gpu_launch {
  const char *function;
  uint32_t grid[3], block[3];
  uint32_t shared_bytes; /* dynamic shared memory */
  uint32_t argument_count;
  const gpu_argument *arguments;
} gpu_launch;

enum { most_launches = 16, most_intermediates = 16, most_launch_arguments = 32 };

typedef struct gpu_candidate {
  const char *name;  /* its schedule */
  const void *image; /* machine code, or PTX that ends in a zero byte */
  uint32_t launch_count, intermediate_count;
  const gpu_launch *launches; /* in order */
  const uint64_t *intermediate_bytes;
} gpu_candidate;

extern const char *const gpu_kernel; /* what all of them compute */
extern const gpu_candidate gpu_candidates[];

#endif
