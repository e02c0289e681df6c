/* The contract between generated code for GPUs and the loader. Hosts need not read it; nothing here is for
 * them.
 *
 * A library lib<name>_cuda.a consists of data and three kinds of function: PTX and machine code of every
 * kernel, the packed weights, the tables below, the description `<name>_cuda_model` (fnet_model; entry is
 * null), and <name>_cuda_init       -> fnet_internal_cuda_init(&<name>_cuda_device_model, memory, bytes,
 * options, instance) <name>_cuda_run        -> fnet_internal_cuda_run(instance, inputs, outputs)
 *   <name>_cuda_run_device -> fnet_internal_cuda_run_device(instance, inputs, outputs, stream)
 *   <name>_cuda_done       -> fnet_internal_cuda_done(instance)
 * All names below are hidden: they bind inside the program or shared object that links library and loader.
 */
#ifndef FASTERNET_CUDA_ABI_H
#define FASTERNET_CUDA_ABI_H

#include "abi.h"
#include "cuda.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FNET_CUDA_ABI_VERSION 1u

/* Host memory of an instance, counted by the compiler in fnet_model.instance_bytes:
   FNET_CUDA_INSTANCE_HEADER_BYTES + FNET_CUDA_HANDLE_BYTES * (modules + functions), each the largest number
   of all variants. instance_worker_bytes is 0. */
#define FNET_CUDA_INSTANCE_HEADER_BYTES 4096u
#define FNET_CUDA_HANDLE_BYTES 8u

/* What an address is relative to. */
enum {
  FNET_CUDA_SCALAR = 0,  /* none: `value` holds the bits of a number of `bytes` bytes, little end first */
  FNET_CUDA_WEIGHTS = 1, /* the packed weights on the device */
  FNET_CUDA_ARENA = 2,   /* activations; zeroed by init, since kernels read borders and never write them */
  FNET_CUDA_SCRATCH = 3, /* intermediates of one call */
  FNET_CUDA_INPUT = 4,   /* the input of that index */
  FNET_CUDA_OUTPUT = 5
};

/* One parameter of a launch: the device address of base + value, or a scalar. */
typedef struct fnet_cuda_argument {
  uint16_t base;  /* FNET_CUDA_* above */
  uint16_t index; /* of the input or output */
  uint32_t bytes; /* of a scalar: 1, 2, 4 or 8; of an address 8 */
  uint64_t value; /* byte offset, or the scalar */
} fnet_cuda_argument;

/* Parameters of one launch at most, and inputs and outputs together at most. */
#define FNET_CUDA_ARGUMENTS 32u
#define FNET_CUDA_TENSORS 16u

typedef struct fnet_cuda_launch {
  uint32_t function; /* index in fnet_cuda_variant.functions */
  uint32_t step;     /* index in fnet_model.steps, never falling; several launches may belong to one step */
  uint32_t grid[3], block[3];
  uint32_t shared_bytes; /* dynamic shared memory */
  uint32_t argument_count;
  const fnet_cuda_argument *arguments;
} fnet_cuda_launch;

typedef struct fnet_cuda_module {
  const char *ptx;      /* ends in a zero byte */
  const void *cubin;    /* machine code for the variant's capability; null where there was no assembler */
  uint64_t cubin_bytes; /* 0 for null */
} fnet_cuda_module;

typedef struct fnet_cuda_function {
  uint32_t module;
  uint32_t shared_bytes; /* the most that one launch asks for: beyond 48 KiB it is set as the function's
                            attribute */
  const char *name;
} fnet_cuda_function;

/* The code for one compute capability. A device runs the variant of the highest capability that is not above
   its own (or the one that options.variant names, if that is not above it either): its cubins where the major
   numbers are the same and the driver takes them, else its PTX. */
typedef struct fnet_cuda_variant {
  const char *name;    /* the target's, such as cuda-sm80 */
  uint32_t capability; /* 80 */
  uint32_t module_count, function_count, launch_count;
  const fnet_cuda_module *modules;
  const fnet_cuda_function *functions;
  const fnet_cuda_launch *launches; /* in order, on one stream */
} fnet_cuda_variant;

typedef struct fnet_cuda_model {
  uint32_t abi_version;    /* FNET_CUDA_ABI_VERSION of the compiler that made it */
  uint32_t struct_size;    /* sizeof(fnet_cuda_model) there */
  const fnet_model *model; /* names, shapes, bytes: arena_bytes, caller_scratch_bytes and weight_bytes lie on
                              the device */
  const void *weights;
  uint32_t variant_count, reserved;
  const fnet_cuda_variant *variants; /* highest capability first, in the order of model->variants */
} fnet_cuda_model;

FNET_HIDDEN fnet_status fnet_internal_cuda_init(const fnet_cuda_model *model, void *memory, size_t bytes,
                                                const fnet_options *options, void **instance);
FNET_HIDDEN fnet_status fnet_internal_cuda_run(void *instance, const void *const *inputs,
                                               void *const *outputs);
FNET_HIDDEN fnet_status fnet_internal_cuda_run_device(void *instance, const void *const *inputs,
                                                      void *const *outputs, void *stream);
FNET_HIDDEN void fnet_internal_cuda_done(void *instance);

#ifdef __cplusplus
}
#endif
#endif
