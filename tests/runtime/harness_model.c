/* A model for the harness programs, in place of a compiled library: each output is twice the input, one of
 * them a little off what the case expects.
 */
#include "fasternet/abi.h"

static int32_t entry(const void *const *kernels, void *context, unsigned char *arena,
                     const void *const *inputs, void *const *outputs) {
  (void)kernels;
  (void)arena;
  const float *input = inputs[0];
  for (int output = 0; output < 2; ++output) {
    float *values = outputs[output];
    for (int i = 0; i < 4; ++i)
      values[i] = 2 * input[i];
    fnet_internal_step(context, (uint64_t)output);
  }
  return 0;
}

static fnet_status init(void *memory, size_t bytes, const fnet_options *options, void **instance);

static const fnet_tensor inputs[] = {{"input", 2, 0, {1, 4, 0, 0}, 16}};
static const fnet_tensor outputs[] = {{"same", 2, 0, {1, 4, 0, 0}, 16}, {"off", 2, 0, {1, 4, 0, 0}, 16}};
static const fnet_step steps[] = {{"first", 0}, {"second", 0}};
static const void *const kernels[] = {steps}; /* not used by the entry */
#if defined(__x86_64__)
static const fnet_variant variants[] = {{"best", FNET_CPU_X86_64_V4, kernels},
                                        {"middle", FNET_CPU_X86_64_V3, kernels},
                                        {"least", FNET_CPU_X86_64_V2, kernels}};
#else
static const fnet_variant variants[] = {{"least", 0, kernels}};
#endif

const fnet_model harness_model = {
    .abi_version = FNET_ABI_VERSION,
    .struct_size = sizeof(fnet_model),
    .name = "harness",
    .input_count = 1,
    .output_count = 2,
    .inputs = inputs,
    .outputs = outputs,
    .instance_bytes = FNET_INSTANCE_HEADER_BYTES,
    .instance_worker_bytes = FNET_WORKER_HEADER_BYTES,
    .step_count = 2,
    .variant_count = sizeof variants / sizeof variants[0],
    .steps = steps,
    .variants = variants,
    .init = init,
    .run = fnet_internal_run,
    .done = fnet_internal_done,
    .entry = entry,
};

static fnet_status init(void *memory, size_t bytes, const fnet_options *options, void **instance) {
  return fnet_internal_init(&harness_model, memory, bytes, options, instance);
}

FNET_HIDDEN extern const float fnet_case_inputs[4], fnet_case_outputs[8];
const float fnet_case_inputs[4] = {1, -2, 3, 4};
/* The second output: -4 is expected as -5; 1 of 8 is 0.125. */
const float fnet_case_outputs[8] = {2, -4, 6, 8, 2, -5, 6, 8};
