// A host's parallel-for that throws: the exception reaches the caller of run, and the instance works afterwards.
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "tiny_gelu.h"

static bool throwing = false;

static void run(void *, fnet_task task, void *argument, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (throwing && i == count / 2)
      throw std::runtime_error("host");
    task(argument, i, i % 2);
  }
}

int main() {
  std::vector<unsigned char> memory(TINY_GELU_INSTANCE_BYTES_FOR(2));
  std::vector<float> input(TINY_GELU_INPUT_ELEMENTS, 0.5f), before(TINY_GELU_OUTPUT_ELEMENTS), after(before);
  const fnet_parallel parallel = {nullptr, 2, run};
  fnet_options options = {};
  options.struct_size = sizeof options;
  options.parallel = &parallel;
  tiny_gelu *model = nullptr;
  if (tiny_gelu_init(memory.data(), memory.size(), &options, &model) != FNET_OK ||
      tiny_gelu_run(model, input.data(), before.data()) != FNET_OK)
    return 2;
  throwing = true;
  bool caught = false;
  try {
    tiny_gelu_run(model, input.data(), after.data());
  } catch (const std::runtime_error &) {
    caught = true;
  }
  throwing = false;
  if (tiny_gelu_run(model, input.data(), after.data()) != FNET_OK)
    return 3;
  std::puts(caught && std::memcmp(before.data(), after.data(), before.size() * sizeof(float)) == 0 ? "survived"
                                                                                                    : "harmed");
}
