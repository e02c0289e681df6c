/* Life of an instance: init lays out the caller's memory, run calls the generated entry, done ends it. */
#include "instance.h"

#include <string.h>

#define INSTANCE_BYTES ((sizeof(fnet_instance) + FNET_ALIGNMENT - 1) / FNET_ALIGNMENT * FNET_ALIGNMENT)

_Static_assert(INSTANCE_BYTES + FNET_ALIGNMENT - 1 <= FNET_INSTANCE_HEADER_BYTES,
               "the instance and the slack for any alignment fit what the compiler counts");
_Static_assert(sizeof(fnet_context) <= FNET_WORKER_HEADER_BYTES &&
                   FNET_WORKER_HEADER_BYTES % FNET_ALIGNMENT == 0,
               "a context fits what the compiler counts and keeps scratch aligned");

/* The best variant that the CPU can run, of that name if one is asked for; null if there is none. */
static const fnet_variant *choose_variant(const fnet_model *model, const char *name) {
  uint64_t features = fnet_internal_cpu_features();
  for (uint32_t i = 0; i < model->variant_count; ++i) {
    const fnet_variant *variant = &model->variants[i];
    if ((variant->features & ~features) == 0 && (name == NULL || strcmp(name, variant->name) == 0))
      return variant;
  }
  return NULL;
}

static uint64_t round_up(uint64_t bytes) {
  return (bytes + FNET_ALIGNMENT - 1) / FNET_ALIGNMENT * FNET_ALIGNMENT;
}

fnet_context *fnet_internal_context(const fnet_instance *instance, size_t worker) {
  unsigned char *memory =
      worker == 0 ? instance->first_worker
                  : instance->other_workers + (worker - 1) * instance->model->instance_worker_bytes;
  return (fnet_context *)(void *)memory;
}

static void init_context(fnet_instance *instance, size_t worker, uint64_t scratch_bytes) {
  const uint64_t most = 0x7fffffffu; /* positions leave a bit for the mark of free */
  fnet_context *context = fnet_internal_context(instance, worker);
  uint64_t positions = scratch_bytes / FNET_ALIGNMENT;
  context->instance = instance;
  context->base = (unsigned char *)context + FNET_WORKER_HEADER_BYTES;
  context->worker = (uint32_t)worker;
  context->limit = (uint32_t)(positions < most ? positions : most);
  fnet_internal_reset(context);
}

/* Sizes of generated code and of this runtime agree. */
static int belongs(const fnet_model *model) {
  return model->abi_version == FNET_ABI_VERSION && model->struct_size == sizeof(fnet_model) &&
         model->instance_bytes == FNET_INSTANCE_HEADER_BYTES + round_up(model->arena_bytes) +
                                      round_up(model->caller_scratch_bytes) &&
         model->instance_worker_bytes >= FNET_WORKER_HEADER_BYTES &&
         model->instance_worker_bytes % FNET_ALIGNMENT == 0;
}

fnet_status fnet_internal_init(const fnet_model *model, void *memory, size_t bytes, const fnet_options *given,
                               void **result) {
  if (result == NULL)
    return FNET_ERROR_ARGUMENT;
  *result = NULL;
  if (model == NULL || memory == NULL)
    return FNET_ERROR_ARGUMENT;
  if (!belongs(model))
    return FNET_ERROR_VERSION;
  fnet_options options;
  fnet_status status = fnet_internal_read_options(given, /*flags=*/0, &options);
  if (status != FNET_OK)
    return status;
  size_t workers = options.parallel == NULL ? 1 : options.parallel->workers;
  if (bytes < model->instance_bytes ||
      (bytes - model->instance_bytes) / model->instance_worker_bytes < workers)
    return FNET_ERROR_MEMORY;
  const fnet_variant *variant = choose_variant(model, options.variant);
  if (variant == NULL)
    return FNET_ERROR_CPU;

  size_t slack = (size_t)(-(uintptr_t)memory % FNET_ALIGNMENT);
  fnet_instance *instance = (fnet_instance *)(void *)((unsigned char *)memory + slack);
  uint64_t arena_bytes = round_up(model->arena_bytes), caller_bytes = round_up(model->caller_scratch_bytes);
  instance->front.variant = variant->name;
  instance->model = model;
  instance->variant = variant;
  instance->options = options;
  instance->workers = workers;
  instance->in_parallel = 0;
  instance->arena = (unsigned char *)instance + INSTANCE_BYTES;
  instance->first_worker = instance->arena + arena_bytes;
  instance->other_workers = instance->first_worker + caller_bytes + model->instance_worker_bytes;
  /* Kernels read the borders of tensors and never write them. */
  memset(instance->arena, 0, arena_bytes);
  uint64_t scratch_bytes = model->instance_worker_bytes - FNET_WORKER_HEADER_BYTES;
  init_context(instance, 0, caller_bytes + scratch_bytes);
  for (size_t worker = 1; worker < workers; ++worker)
    init_context(instance, worker, scratch_bytes);
  *result = instance;
  return FNET_OK;
}

static int any_null(const void *const *pointers, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (pointers[i] == NULL)
      return 1;
  return 0;
}

fnet_status fnet_internal_run(void *opaque, const void *const *inputs, void *const *outputs) {
  fnet_instance *instance = opaque;
  if (instance == NULL || instance->model == NULL || inputs == NULL || outputs == NULL)
    return FNET_ERROR_ARGUMENT;
  const fnet_model *model = instance->model;
  if (any_null(inputs, model->input_count) || any_null((const void *const *)outputs, model->output_count))
    return FNET_ERROR_ARGUMENT;
  /* A run that failed or was left by longjmp may have kept blocks and the mark of a loop. */
  instance->in_parallel = 0;
  for (size_t worker = 0; worker < instance->workers; ++worker)
    fnet_internal_reset(fnet_internal_context(instance, worker));
  int32_t failure = model->entry(instance->variant->kernels, fnet_internal_context(instance, 0),
                                 instance->arena, inputs, outputs);
  return failure == 0 ? FNET_OK : FNET_ERROR_KERNEL;
}

void fnet_internal_step(void *opaque, uint64_t step) {
  const fnet_context *context = opaque;
  const fnet_options *options = &context->instance->options;
  if (options->step_done != NULL)
    options->step_done(options->step_self, (size_t)step);
}

void fnet_internal_done(void *opaque) {
  fnet_instance *instance = opaque;
  if (instance != NULL) {
    instance->front.variant = NULL;
    instance->model = NULL;
  }
}
