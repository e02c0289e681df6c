/* Checks the tables of a generated library once, so that nothing beyond them is read later. */
#include "instance.h"

/* The place of a fault in the tables. */
typedef struct place {
  const fnet_cuda_model *model;
  const fnet_cuda_variant *variant;
  const fnet_options *options;
} place;

static fnet_status fault(const place *place, const char *kind, uint32_t index, const char *what,
                         uint64_t found) {
  fnet_internal_cuda_say(place->options, "%s, %s %u: %s %llu does not belong to this library or runtime",
                         place->variant->name, kind, (unsigned)index, what, (unsigned long long)found);
  return FNET_ERROR_VERSION;
}

static int fits(const fnet_cuda_argument *argument, const fnet_model *model) {
  switch (argument->base) {
  case FNET_CUDA_SCALAR:
    return argument->bytes == 1 || argument->bytes == 2 || argument->bytes == 4 || argument->bytes == 8;
  case FNET_CUDA_WEIGHTS:
    return argument->value <= model->weight_bytes;
  case FNET_CUDA_ARENA:
    return argument->value <= model->arena_bytes;
  case FNET_CUDA_SCRATCH:
    return argument->value <= model->caller_scratch_bytes;
  case FNET_CUDA_INPUT:
    return argument->index < model->input_count && argument->value <= model->inputs[argument->index].bytes;
  case FNET_CUDA_OUTPUT:
    return argument->index < model->output_count && argument->value <= model->outputs[argument->index].bytes;
  default:
    return 0;
  }
}

static fnet_status check_launch(const place *place, uint32_t index) {
  const fnet_cuda_variant *variant = place->variant;
  const fnet_cuda_launch *launch = &variant->launches[index];
  const uint32_t step_before = index == 0 ? 0 : launch[-1].step;
  if (launch->function >= variant->function_count)
    return fault(place, "launch", index, "function", launch->function);
  if (launch->step >= place->model->model->step_count || launch->step < step_before)
    return fault(place, "launch", index, "step", launch->step);
  if (launch->shared_bytes > variant->functions[launch->function].shared_bytes)
    return fault(place, "launch", index, "shared memory", launch->shared_bytes);
  if (launch->argument_count > FNET_CUDA_ARGUMENTS)
    return fault(place, "launch", index, "number of arguments", launch->argument_count);
  for (uint32_t i = 0; i < launch->argument_count; ++i)
    if (!fits(&launch->arguments[i], place->model->model))
      return fault(place, "launch", index, "argument", i);
  return FNET_OK;
}

static fnet_status check_variant(const place *place) {
  const fnet_cuda_variant *variant = place->variant;
  for (uint32_t i = 0; i < variant->module_count; ++i)
    if (variant->modules[i].ptx == NULL)
      return fault(place, "module", i, "PTX", 0);
  for (uint32_t i = 0; i < variant->function_count; ++i)
    if (variant->functions[i].module >= variant->module_count)
      return fault(place, "function", i, "module", variant->functions[i].module);
  for (uint32_t i = 0; i < variant->launch_count; ++i) {
    fnet_status status = check_launch(place, i);
    if (status != FNET_OK)
      return status;
  }
  return FNET_OK;
}

fnet_status fnet_internal_cuda_check_tables(const fnet_cuda_model *cuda, const fnet_options *options) {
  const fnet_model *model = cuda->model;
  if (cuda->abi_version != FNET_CUDA_ABI_VERSION || cuda->struct_size != sizeof(fnet_cuda_model) ||
      model->abi_version != FNET_ABI_VERSION || model->struct_size != sizeof(fnet_model) ||
      model->instance_worker_bytes != 0 || cuda->variant_count != model->variant_count ||
      model->input_count > FNET_CUDA_TENSORS || model->output_count > FNET_CUDA_TENSORS - model->input_count)
    return FNET_ERROR_VERSION;
  uint32_t modules = 0, functions = 0;
  for (uint32_t i = 0; i < cuda->variant_count; ++i) {
    const fnet_cuda_variant *variant = &cuda->variants[i];
    const place place = {cuda, variant, options};
    fnet_status status = check_variant(&place);
    if (status != FNET_OK)
      return status;
    modules = variant->module_count > modules ? variant->module_count : modules;
    functions = variant->function_count > functions ? variant->function_count : functions;
  }
  const uint64_t handles = (uint64_t)modules + functions;
  return model->instance_bytes == FNET_CUDA_INSTANCE_HEADER_BYTES + FNET_CUDA_HANDLE_BYTES * handles
             ? FNET_OK
             : FNET_ERROR_VERSION;
}
