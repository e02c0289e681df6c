// The hand-made model.
#include "FakeCudaModel.h"

#include <bit>
#include <cstring>
#include <numeric>

namespace {

// Kernels of the fake driver with the bytes of their parameters; also the order of `functions`.
const char *const kernels[] = {"scale", "sum", "negate"};
const char *const parameters[] = {" 8 8 4 4", " 8 8 8 8", " 8 2 1"};
// At 48 KiB a launch may have its shared memory without asking; negate is beyond.
constexpr uint32_t sharedBytes[] = {0, 48 * 1024, 64 * 1024};

fnet_cuda_argument scalar(uint32_t bytes, uint64_t value) {
  return {FNET_CUDA_SCALAR, 0, bytes, value};
}

fnet_cuda_argument address(uint16_t base, uint64_t offset, uint16_t index = 0) {
  return {base, index, 8, offset};
}

uint64_t bits(float value) {
  return std::bit_cast<uint32_t>(value);
}

} // namespace

FakeCudaVariant::FakeCudaVariant(int capability, bool oneModule, bool cubins)
    : name("cuda-sm" + std::to_string(capability)) {
  std::vector<std::string> bodies(oneModule ? 1 : 3);
  for (uint32_t i = 0; i < 3; ++i) {
    const uint32_t module = oneModule ? 0 : i;
    bodies[module] += std::string("\n") + kernels[i] + parameters[i];
    functions.push_back({module, sharedBytes[i], kernels[i]});
  }
  for (const std::string &body : bodies)
    for (const char *kind : {"CUBIN ", "PTX "})
      texts.push_back(kind + std::to_string(capability) + body);
  for (size_t i = 0; i < bodies.size(); ++i)
    modules.push_back({texts[2 * i + 1].c_str(), cubins ? texts[2 * i].c_str() : nullptr,
                       cubins ? texts[2 * i].size() : 0});
}

FakeCudaModel::FakeCudaModel(const std::vector<int> &capabilities, bool cubins)
    : tensors{{"a", 2, 0, {1, values, 0, 0}, tensorBytes},
              {"b", 2, 0, {1, values, 0, 0}, tensorBytes},
              {"output0", 2, 0, {1, values, 0, 0}, tensorBytes},
              {"output1", 2, 0, {1, values, 0, 0}, tensorBytes}},
      steps{{"first", 0}, {"second", 0}, {"third", 0}} {
  std::iota(weights.begin(), weights.end(), 0.0f);
  // The values are "dirty" beyond their bytes: only the low ones may count.
  const uint64_t dirt = 0xabcd000000000000;
  arguments = {{address(FNET_CUDA_ARENA, 256), address(FNET_CUDA_INPUT, 0, 0), scalar(4, dirt | bits(2)),
                scalar(4, 16)},
               {address(FNET_CUDA_ARENA, 512), address(FNET_CUDA_ARENA, 256), address(FNET_CUDA_WEIGHTS, 128),
                scalar(8, 16)},
               {address(FNET_CUDA_SCRATCH, 0), address(FNET_CUDA_INPUT, 0, 1), scalar(4, dirt | bits(3)),
                scalar(4, 16)},
               {address(FNET_CUDA_OUTPUT, 0, 0), address(FNET_CUDA_ARENA, 512), address(FNET_CUDA_SCRATCH, 0),
                scalar(8, 16)},
               // The start of the arena is a border: nothing but init writes it.
               {address(FNET_CUDA_OUTPUT, 0, 1), address(FNET_CUDA_ARENA, 0), address(FNET_CUDA_SCRATCH, 0),
                scalar(8, 16)},
               {address(FNET_CUDA_OUTPUT, 0, 1), scalar(2, dirt | 16), scalar(1, dirt | 1)}};
  const uint32_t function[] = {0, 1, 0, 1, 1, 2}, step[] = {0, 0, 1, 1, 2, 2};
  for (uint32_t i = 0; i < 6; ++i)
    launches.push_back({function[i],
                        step[i],
                        {i + 1, 2, 3},
                        {32, i + 1, 1},
                        sharedBytes[function[i]],
                        uint32_t(arguments[i].size()),
                        arguments[i].data()});
  uint32_t modules = 0;
  for (int capability : capabilities) {
    FakeCudaVariant &variant = code.emplace_back(capability, /*oneModule=*/modules != 0, cubins);
    modules = std::max(modules, uint32_t(variant.modules.size()));
    names.push_back({variant.name.c_str(), 0, nullptr});
    variants.push_back({variant.name.c_str(), uint32_t(capability), uint32_t(variant.modules.size()), 3, 6,
                        variant.modules.data(), variant.functions.data(), launches.data()});
  }
  model = {};
  model.abi_version = FNET_ABI_VERSION;
  model.struct_size = sizeof model;
  model.name = "fake";
  model.input_count = model.output_count = 2;
  model.inputs = tensors;
  model.outputs = tensors + 2;
  model.instance_bytes = FNET_CUDA_INSTANCE_HEADER_BYTES + FNET_CUDA_HANDLE_BYTES * (modules + 3);
  model.arena_bytes = arenaBytes;
  model.caller_scratch_bytes = scratchBytes;
  model.weight_bytes = sizeof weights;
  model.step_count = 3;
  model.steps = steps;
  model.variant_count = uint32_t(names.size());
  model.variants = names.data();
  description = {FNET_CUDA_ABI_VERSION, sizeof description, &model, weights.data(), model.variant_count, 0,
                 variants.data()};
}

fnet_options cudaOptions() {
  fnet_options options{};
  options.struct_size = sizeof options;
  return options;
}

std::vector<float> fakeInput(int index, float start) {
  std::vector<float> input(FakeCudaModel::values);
  std::iota(input.begin(), input.end(), start + (index == 0 ? 0.0f : 100.0f));
  return input;
}

std::vector<float> fakeOutput(int index, float start) {
  const std::vector<float> a = fakeInput(0, start), b = fakeInput(1, start);
  std::vector<float> output(FakeCudaModel::values);
  for (size_t i = 0; i < output.size(); ++i)
    output[i] = index == 0 ? 2 * a[i] + float(32 + i) + 3 * b[i] : -3 * b[i];
  return output;
}

FakeCudaInstance::FakeCudaInstance(const FakeCudaModel &model, fnet_options options, size_t misalignment) {
  options.struct_size = sizeof options;
  if (!options.message) {
    options.message = text;
    options.message_bytes = sizeof text;
  }
  memory.resize(model.model.instance_bytes + misalignment, 0xaa);
  status = fnet_internal_cuda_init(&model.description, memory.data() + misalignment,
                                   model.model.instance_bytes, &options, &instance);
}

fnet_status FakeCudaInstance::run(float start) {
  const std::vector<float> a = fakeInput(0, start), b = fakeInput(1, start);
  const void *in[] = {a.data(), b.data()};
  void *out[] = {outputs[0], outputs[1]};
  return fnet_internal_cuda_run(instance, in, out);
}

bool FakeCudaInstance::outputsAreRight(float start) const {
  for (int i = 0; i < 2; ++i)
    if (std::memcmp(outputs[i], fakeOutput(i, start).data(), sizeof outputs[i]) != 0)
      return false;
  return true;
}
