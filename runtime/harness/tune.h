/* The table of kernels that tune.c or cuda_tune.c measures; the tuner writes one for each batch. */
#ifndef FASTERNET_HARNESS_TUNE_H
#define FASTERNET_HARNESS_TUNE_H

#include <stdint.h>

/* As generated code reads it: Halide's buffer description. */
typedef struct kernel_dimension {
  int32_t min, extent, stride;
  uint32_t flags;
} kernel_dimension;

typedef struct kernel_buffer {
  uint64_t device;
  const void *device_interface;
  void *host;
  uint64_t flags;
  struct {
    uint8_t code, bits;
    uint16_t lanes;
  } type;
  int32_t dimensions;
  kernel_dimension *dim;
  void *padding;
} kernel_buffer;

enum { most_arguments = 6, most_dimensions = 5 };

typedef enum argument_role { role_input, role_weight, role_output } argument_role;

/* One argument of all candidates. Values are made in place (see `made` in tune_case.h): an input's where its
   indices are not in the border, a weight's in the lanes of the first `outputs` channels, zero elsewhere. */
typedef struct kernel_argument {
  argument_role role;
  int32_t dimensions;
  kernel_dimension dim[most_dimensions];
  int64_t elements; /* of the tensor, from its first byte */
  int64_t offset;   /* elements before the one at the minima */
  int64_t outputs;  /* role_weight */
  float scale;      /* largest value made */
  int32_t bits;     /* of an element: 32, or 16 for half precision */
} kernel_argument;

typedef int (*kernel_function)(void); /* of any kernel; called with the context and its buffers */

typedef struct kernel_batch {
  uint32_t argument_count, candidate_count;
  const kernel_argument *arguments;
  const float *expected;  /* the output's interior, innermost dimension first */
  int64_t scratch_bytes;  /* the most that one candidate asks for */
  int64_t weight_copies;  /* sets of weights that take turns, so that they come from the cache they will come
                             from */
  int64_t other_bytes;    /* that other kernels touch between two calls; 0: calls follow each other */
  uint64_t features;      /* FNET_CPU_* bits of the target, for the FMA peak */
  int32_t element_bits;   /* 16: of half precision */
  uint32_t rounds;        /* of the timing */
  double window_seconds;  /* one candidate's share of a round, at least one call */
  uint32_t limit_seconds; /* for one checking run */
  double bound;           /* largest error relative to the largest expected value */
} kernel_batch;

extern const kernel_batch batch;
extern const kernel_function candidates[]; /* of a CPU; those of a GPU are cuda_tune.h's */

#endif
