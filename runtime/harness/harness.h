/* What the harness programs share: the model under test, its memory and its pool, made from macros that the
 * compiler passes. FNET_HARNESS_MODEL is the model's name, FNET_HARNESS_THREADS the number of threads,
 * FNET_HARNESS_VARIANT (optional) a string that names the variant to run, FNET_HARNESS_ELEMENT_BITS
 * (optional) 16 where kernels compute in half precision.
 */
#ifndef FASTERNET_HARNESS_H
#define FASTERNET_HARNESS_H

#include "fasternet/model.h"

#include <stdio.h>
#include <stdlib.h>

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
  void *memory, *pool_memory;
  fnet_pool *pool; /* null with one thread */
  fnet_options options;
  void **inputs, **outputs; /* float arrays as the model describes them */
} session;

/* Prints what failed and ends the program. */
static void require(fnet_status status, const char *call) {
  if (status == FNET_OK)
    return;
  printf("%s: %s\n", call, fnet_status_text(status));
  exit(1);
}

static void *allocate(size_t bytes) {
  void *memory = malloc(bytes == 0 ? 1 : bytes);
  require(memory == NULL ? FNET_ERROR_MEMORY : FNET_OK, "malloc");
  return memory;
}

static size_t value_count(const fnet_tensor *tensor) {
  return (size_t)(tensor->bytes / sizeof(float));
}

static void **allocate_tensors(const fnet_tensor *tensors, uint32_t count) {
  void **pointers = allocate(count * sizeof *pointers);
  for (uint32_t i = 0; i < count; ++i)
    pointers[i] = allocate((size_t)tensors[i].bytes);
  return pointers;
}

/* Pool, instance memory, inputs and outputs, all not yet written; `start` makes the instance. */
static void prepare(session *s) {
  const size_t threads = FNET_HARNESS_THREADS;
  *s = (session){.options = {.struct_size = sizeof(fnet_options), .variant = FNET_HARNESS_VARIANT}};
  if (threads > 1) {
    s->pool_memory = allocate(fnet_pool_bytes(threads));
    require(fnet_pool_init(s->pool_memory, fnet_pool_bytes(threads), threads, &s->pool), "fnet_pool_init");
    s->options.parallel = fnet_pool_parallel(s->pool);
  }
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
  fnet_pool_done(s->pool);
  for (uint32_t i = 0; i < model->input_count; ++i)
    free(s->inputs[i]);
  for (uint32_t i = 0; i < model->output_count; ++i)
    free(s->outputs[i]);
  free(s->inputs);
  free(s->outputs);
  free(s->memory);
  free(s->pool_memory);
}

#endif
