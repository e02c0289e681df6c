/* The contract between generated code and this runtime. Hosts need not read it; nothing here is for them.
 *
 * A library lib<name>.a consists of kernels (one object per distinct kernel and target), the packed weights,
 * and an object with the description `<name>_model`, the entry, and the public functions <name>_init  ->
 * fnet_internal_init(&<name>_model, memory, bytes, options, instance) <name>_run   ->
 * fnet_internal_run(instance, inputs, outputs) <name>_done  -> fnet_internal_done(instance) All names below
 * are hidden: they bind inside the program or shared object that links library and runtime.
 */
#ifndef FASTERNET_ABI_H
#define FASTERNET_ABI_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FNET_ABI_VERSION 1u

/* The instance's own fields and alignment slack at the front of its memory, and for each worker its context:
   counted by the compiler in instance_bytes and instance_worker_bytes (checked by static assertions in
   instance.c). instance_bytes = FNET_INSTANCE_HEADER_BYTES + arena_bytes + caller_scratch_bytes,
   instance_worker_bytes = FNET_WORKER_HEADER_BYTES + worker scratch; scratch and arena rounded up to
   FNET_ALIGNMENT. In memory: instance, arena (zeroed by init), then for worker 0 context, caller scratch and
   its own scratch in one piece, then for each further worker context and scratch. What is allocated outside
   parallel loops comes from worker 0's piece too. */
#define FNET_INSTANCE_HEADER_BYTES 512u
#define FNET_WORKER_HEADER_BYTES 128u
#define FNET_ALIGNMENT 128u

/* Blocks that one context can hold at a time. */
#define FNET_WORKER_BLOCKS 20u

/* CPU features that a variant may need, as bits of fnet_variant.features. */
#define FNET_CPU_X86_64_V2 (1ull << 0) /* psABI level: CMPXCHG16B LAHF POPCNT SSE3 SSSE3 SSE4.1 SSE4.2 */
#define FNET_CPU_X86_64_V3                                                                                   \
  (1ull << 1) /* and AVX AVX2 BMI1 BMI2 F16C FMA LZCNT MOVBE, YMM state enabled by the OS */
#define FNET_CPU_X86_64_V4 (1ull << 2) /* and AVX512F BW CD DQ VL, ZMM state enabled by the OS */
#define FNET_CPU_AVX512_VNNI (1ull << 3)
#define FNET_CPU_AVX512_BF16 (1ull << 4)
#define FNET_CPU_AVX_VNNI (1ull << 5)
#define FNET_CPU_AMX (1ull << 6)
#define FNET_CPU_VENDOR_AMD (1ull << 7)
#define FNET_CPU_VENDOR_INTEL (1ull << 8)
#define FNET_CPU_AARCH64 (1ull << 16)
#define FNET_CPU_AARCH64_FP16 (1ull << 17)

#if defined(__GNUC__)
#define FNET_HIDDEN __attribute__((visibility("hidden")))
#else
#define FNET_HIDDEN
#endif

FNET_HIDDEN uint64_t fnet_internal_cpu_features(void);

FNET_HIDDEN fnet_status fnet_internal_init(const fnet_model *model, void *memory, size_t bytes,
                                           const fnet_options *options, void **instance);
FNET_HIDDEN fnet_status fnet_internal_run(void *instance, const void *const *inputs, void *const *outputs);
FNET_HIDDEN void fnet_internal_done(void *instance);

/* Called by the entry after each step, with the context that it was given. */
FNET_HIDDEN void fnet_internal_step(void *context, uint64_t step);

/* Called by the entry before a kernel writes the inside of a tensor where one of another shape, or of the
   same at another place, lay: zeroes the one-pixel border of `images` images of (height + 2) x (width + 2)
   pixels of `pixel_bytes` each. */
FNET_HIDDEN void fnet_internal_clear_border(void *tensor, uint64_t images, uint64_t height, uint64_t width,
                                            uint64_t pixel_bytes);

/* What kernels call, under these names instead of halide_malloc, halide_free and halide_do_par_for. `context`
   is the worker's: generated closures hand on the one that they get.

   malloc takes the next `bytes`, rounded up to FNET_ALIGNMENT, of the worker's part of the instance memory.
   It cannot fail for the sizes that the compiler planned, and returns null beyond them or beyond
   FNET_WORKER_BLOCKS blocks. free takes blocks in any order; memory becomes available again once every block
   above it is free as well, so that the sum of the blocks of one kernel is always enough. Null is allowed.

   do_par_for calls task(context of the worker, index, closure) for min .. min + size - 1 through the
   instance's parallel-for, or one after the other on the calling worker: without one, for a single index, and
   out of a task. It returns the first task's failure that it learns of, or 0; indices after a failure may be
   left out. */
FNET_HIDDEN void *fnet_internal_malloc(void *context, size_t bytes);
FNET_HIDDEN void fnet_internal_free(void *context, void *pointer);
FNET_HIDDEN int fnet_internal_do_par_for(void *context,
                                         int (*task)(void *context, int index, uint8_t *closure), int min,
                                         int size, uint8_t *closure);

#ifdef __cplusplus
}
#endif
#endif
