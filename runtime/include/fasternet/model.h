/* A compiled model, described: what the generated header offers by name, as data, for hosts that treat models
 * alike. */
#ifndef FASTERNET_MODEL_H
#define FASTERNET_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "parallel.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called after each step of a run, on the calling thread; for profiling: on a GPU it makes run wait after
   each. It throws nothing. */
typedef void (*fnet_step_done)(void *self, size_t step);

/* Options of init. Set struct_size to sizeof(fnet_options) and the rest to zero, then what is wanted; a null
   options pointer means all zero. Only `parallel` and `message` are kept by reference: they must outlive the
   instance. A host built with an older header, whose struct is shorter, gets zero for what it does not know;
   a longer struct is taken if what this runtime does not know is zero in it, and is FNET_ERROR_VERSION
   otherwise. */
#define FNET_OPTION_GRAPH 1u /* CUDA: launches go out as one graph */

typedef struct fnet_options {
  size_t struct_size;
  const fnet_parallel *parallel; /* null: the calling thread only */
  const char *variant;      /* null: the best for this CPU or GPU; else the name of a target compiled in */
  fnet_step_done step_done; /* null: none */
  void *step_self;
  uint64_t flags;  /* FNET_OPTION_*; a library that has no use for one refuses it */
  uint64_t device; /* CUDA: ordinal of the device */
  char *message;   /* null, or where the text of an error goes, such as the driver's; cut to fit, ended by a
                      zero; emptied by init, and empty where the status says all; kept by reference: it must
                      outlive the instance */
  size_t message_bytes; /* its size */
} fnet_options;

/* One input or output: dense row-major float32. rank 4: batch, channels, height, width (NCHW); rank 2: batch,
 * values. */
typedef struct fnet_tensor {
  const char *name;
  uint32_t rank;
  uint32_t reserved;
  uint64_t shape[4];
  uint64_t bytes;
} fnet_tensor;

/* One kernel call of a run, in order. */
typedef struct fnet_step {
  const char *kernel; /* its text form, such as block-n1-56x56-c40-p10-h80-gelu-f32-w32 */
  uint64_t macs;      /* multiply-accumulates of the published model in this step */
} fnet_step;

/* One instruction set compiled in, or one compute capability. */
typedef struct fnet_variant {
  const char *name;           /* the target's name, such as x86-64-v3 */
  uint64_t features;          /* FNET_CPU_* bits that the CPU must have; 0 for a GPU's code */
  const void *const *kernels; /* null for a GPU's code: cuda_abi.h */
} fnet_variant;

/* Of a model for GPUs arena, intermediates and weights lie on the device, and are no part of instance_bytes;
   instance_worker_bytes is 0. */
typedef struct fnet_model {
  uint32_t abi_version; /* FNET_ABI_VERSION of the compiler that made it */
  uint32_t struct_size; /* sizeof(fnet_model) there */
  const char *name;
  uint32_t input_count, output_count;
  const fnet_tensor *inputs, *outputs;
  uint64_t instance_bytes;        /* memory for init without workers ... */
  uint64_t instance_worker_bytes; /* ... plus this for each worker, at least one */
  uint64_t arena_bytes;           /* of it: activations */
  uint64_t caller_scratch_bytes;  /* of it: intermediates shared by the workers */
  uint64_t weight_bytes;          /* packed weights, read-only, shared by all instances */
  uint64_t macs;                  /* per run, whole batch */
  uint32_t step_count, variant_count;
  const fnet_step *steps;
  const fnet_variant *variants; /* best first */
  fnet_status (*init)(void *memory, size_t bytes, const fnet_options *options, void **instance);
  /* Arrays of input_count and output_count pointers. An instance runs once at a time; different ones may at
   * once. */
  fnet_status (*run)(void *instance, const void *const *inputs, void *const *outputs);
  void (*done)(void *instance);
  /* The generated sequence of kernel calls; see abi.h. Null for GPUs. */
  int32_t (*entry)(const void *const *kernels, void *context, unsigned char *arena, const void *const *inputs,
                   void *const *outputs);
} fnet_model;

/* The variant that an instance runs (name in fnet_model.variants); null for a null instance. */
FNET_PUBLIC const char *fnet_instance_variant(const void *instance);

#ifdef __cplusplus
}
#endif
#endif
