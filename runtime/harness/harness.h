/* What the harness programs share: the model under test, its memory and its pool, made from macros that the
 * compiler passes. FNET_HARNESS_MODEL is the model's name, FNET_HARNESS_THREADS the number of threads,
 * FNET_HARNESS_VARIANT (optional) a string that names the variant to run, FNET_HARNESS_ELEMENT_BITS
 * (optional) 16 where kernels compute in half precision.
 */
#ifndef FASTERNET_HARNESS_H
#define FASTERNET_HARNESS_H

#include "check.h"

#ifndef FNET_HARNESS_THREADS
#define FNET_HARNESS_THREADS 1
#endif
#ifndef FNET_HARNESS_ELEMENT_BITS
#define FNET_HARNESS_ELEMENT_BITS 32
#endif
#ifndef FNET_HARNESS_VARIANT
#define FNET_HARNESS_VARIANT NULL
#endif

#define FNET_HARNESS_JOIN(name, suffix) name##suffix
#define FNET_HARNESS_SYMBOL(name) FNET_HARNESS_JOIN(name, _model)

extern const fnet_model FNET_HARNESS_SYMBOL(FNET_HARNESS_MODEL);
static const fnet_model *const model = &FNET_HARNESS_SYMBOL(FNET_HARNESS_MODEL);

typedef struct session {
  void *instance;
  void *memory;
#if FNET_HARNESS_THREADS > 1
  void *pool_memory;
  fnet_pool *pool; /* models for GPUs are linked with a loader that has none */
#endif
  fnet_options options;
  void **inputs, **outputs; /* float arrays as the model describes them */
} session;

static size_t value_count(const fnet_tensor *tensor) {
  return (size_t)(tensor->bytes / sizeof(float));
}

static void **allocate_tensors(const fnet_tensor *tensors, uint32_t count) {
  void **pointers = allocate(count * sizeof *pointers);
  for (uint32_t i = 0; i < count; ++i)
    pointers[i] = allocate((size_t)tensors[i].bytes);
  return pointers;
}

static void free_tensors(void **pointers, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    free(pointers[i]);
  free(pointers);
}

/* Pool, instance memory, inputs and outputs, all not yet written; `start` makes the instance. */
static void prepare(session *s) {
  const size_t threads = FNET_HARNESS_THREADS;
  *s = (session){.options = {.struct_size = sizeof(fnet_options),
                             .variant = FNET_HARNESS_VARIANT,
                             .message = reason,
                             .message_bytes = sizeof reason}};
#if FNET_HARNESS_THREADS > 1
  s->pool_memory = allocate(fnet_pool_bytes(threads));
  require(fnet_pool_init(s->pool_memory, fnet_pool_bytes(threads), threads, &s->pool), "fnet_pool_init");
  s->options.parallel = fnet_pool_parallel(s->pool);
#endif
  s->memory = allocate((size_t)(model->instance_bytes + threads * model->instance_worker_bytes));
  s->inputs = allocate_tensors(model->inputs, model->input_count);
  s->outputs = allocate_tensors(model->outputs, model->output_count);
}

static void start(session *s) {
  size_t bytes =
      (size_t)(model->instance_bytes + (size_t)FNET_HARNESS_THREADS * model->instance_worker_bytes);
  require(model->init(s->memory, bytes, &s->options, &s->instance), "init");
}

static void run(session *s) {
  require(model->run(s->instance, (const void *const *)s->inputs, s->outputs), "run");
}

static void finish(session *s) {
  model->done(s->instance);
#if FNET_HARNESS_THREADS > 1
  fnet_pool_done(s->pool);
  free(s->pool_memory);
#endif
  free_tensors(s->inputs, model->input_count);
  free_tensors(s->outputs, model->output_count);
  free(s->memory);
}

#endif
