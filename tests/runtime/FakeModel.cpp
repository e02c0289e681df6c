// The hand-made model.
#include "FakeModel.h"

#include <cstdint>
#include <cstring>

namespace {

int32_t entry(const void *const *kernels, void *context, unsigned char *arena, const void *const *inputs,
              void *const *outputs) {
  auto kernel = reinterpret_cast<FakeKernel>(const_cast<void *>(kernels[0]));
  int failure =
      kernel(context, arena, static_cast<const float *>(inputs[0]), static_cast<float *>(outputs[0]));
  if (failure == 0)
    fnet_internal_step(context, 0);
  return failure;
}

constexpr uint64_t roundUp(uint64_t bytes) {
  return (bytes + FNET_ALIGNMENT - 1) / FNET_ALIGNMENT * FNET_ALIGNMENT;
}

struct Closure {
  const float *input;
  float *shared; ///< caller scratch
};

int doublingTask(void *context, int index, uint8_t *bytes) {
  auto *closure = reinterpret_cast<Closure *>(bytes);
  auto *scratch = static_cast<float *>(fnet_internal_malloc(context, FakeModel::workerScratchBytes));
  if (!scratch || reinterpret_cast<uintptr_t>(scratch) % FNET_ALIGNMENT != 0)
    return 1;
  // A second task on the same memory at the same time would overwrite this.
  for (size_t i = 0; i < FakeModel::workerScratchBytes / sizeof(float); ++i)
    scratch[i] = closure->input[index];
  float sum = 0;
  for (size_t i = 0; i < FakeModel::workerScratchBytes / sizeof(float); ++i)
    sum += scratch[i] == closure->input[index] ? 0.0f : 1.0f;
  closure->shared[index] = 2 * scratch[0] + sum;
  fnet_internal_free(context, scratch);
  return 0;
}

} // namespace

FakeModel::FakeModel(FakeKernel kernel)
    : kernels{reinterpret_cast<const void *>(kernel)},
      tensors{{"input", 2, 0, {1, values, 0, 0}, values * sizeof(float)},
              {"output", 2, 0, {1, values, 0, 0}, values * sizeof(float)}},
      step{"fake", 0}, variants{{"any", 0, kernels}} {
  description = {};
  description.abi_version = FNET_ABI_VERSION;
  description.struct_size = sizeof(fnet_model);
  description.name = "fake";
  description.input_count = description.output_count = 1;
  description.inputs = &tensors[0];
  description.outputs = &tensors[1];
  description.arena_bytes = arenaBytes;
  description.caller_scratch_bytes = callerScratchBytes;
  description.instance_bytes = FNET_INSTANCE_HEADER_BYTES + roundUp(arenaBytes) + roundUp(callerScratchBytes);
  description.instance_worker_bytes = FNET_WORKER_HEADER_BYTES + workerScratchBytes;
  description.step_count = 1;
  description.steps = &step;
  description.entry = entry;
  describeVariants();
}

void FakeModel::describeVariants() {
  description.variants = variants.data();
  description.variant_count = static_cast<uint32_t>(variants.size());
}

int doublingKernel(void *context, unsigned char *arena, const float *input, float *output) {
  auto *shared = static_cast<float *>(fnet_internal_malloc(context, FakeModel::callerScratchBytes));
  if (!shared)
    return 1;
  Closure closure{input, shared};
  int failure = fnet_internal_do_par_for(context, doublingTask, 0, FakeModel::values,
                                         reinterpret_cast<uint8_t *>(&closure));
  std::memcpy(arena, shared, FakeModel::values * sizeof(float));
  std::memcpy(output, arena, FakeModel::values * sizeof(float));
  fnet_internal_free(context, shared);
  return failure;
}

FakeInstance::FakeInstance(const FakeModel &model, const fnet_parallel *parallel, size_t misalignment) {
  fnet_options options{};
  options.struct_size = sizeof options;
  options.parallel = parallel;
  size_t bytes = model.bytes(parallel ? parallel->workers : 1);
  memory.resize(bytes + misalignment);
  status = fnet_internal_init(&model.description, memory.data() + misalignment, bytes, &options, &instance);
}

FakeInstance::~FakeInstance() {
  fnet_internal_done(instance);
}

fnet_status FakeInstance::run(float start) {
  float input[FakeModel::values];
  for (size_t i = 0; i < FakeModel::values; ++i)
    input[i] = start + static_cast<float>(i);
  const void *inputs[] = {input};
  void *outputs[] = {output};
  return fnet_internal_run(instance, inputs, outputs);
}

bool FakeInstance::outputIsDoubled(float start) const {
  for (size_t i = 0; i < FakeModel::values; ++i)
    if (output[i] != 2 * (start + static_cast<float>(i)))
      return false;
  return true;
}
