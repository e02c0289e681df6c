// A host that uses C++ exceptions around the library: a run while an exception unwinds, and a parallel-for
// that catches one inside and throws it again when run has returned.
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

#include "tiny_gelu.h"

static bool throwing = false;
static std::exception_ptr caught;

static void run(void *, fnet_task task, void *argument, size_t count) {
  for (size_t i = 0; i < count; ++i)
    task(argument, i, i % 2);
  try {
    if (throwing)
      throw std::runtime_error("host");
  } catch (...) {
    caught = std::current_exception();
  }
}

struct RunsWhenLeft {
  tiny_gelu *model;
  const std::vector<float> &input;
  std::vector<float> &output;
  ~RunsWhenLeft() { tiny_gelu_run(model, input.data(), output.data()); }
};

int main() {
  std::vector<unsigned char> memory(TINY_GELU_INSTANCE_BYTES_FOR(2));
  std::vector<float> input(TINY_GELU_INPUT_ELEMENTS, 0.5f), expected(TINY_GELU_OUTPUT_ELEMENTS);
  std::vector<float> unwinding(expected), throwingHost(expected);
  const fnet_parallel parallel = {nullptr, 2, run};
  fnet_options options = {};
  options.struct_size = sizeof options;
  options.parallel = &parallel;
  tiny_gelu *model = nullptr;
  if (tiny_gelu_init(memory.data(), memory.size(), &options, &model) != FNET_OK ||
      tiny_gelu_run(model, input.data(), expected.data()) != FNET_OK)
    return 2;
  try {
    RunsWhenLeft guard{model, input, unwinding};
    throw std::runtime_error("unwinding");
  } catch (const std::runtime_error &) {
  }
  throwing = true;
  bool again = false;
  try {
    if (tiny_gelu_run(model, input.data(), throwingHost.data()) != FNET_OK)
      return 3;
    if (caught)
      std::rethrow_exception(caught);
  } catch (const std::runtime_error &) {
    again = true;
  }
  const size_t bytes = expected.size() * sizeof(float);
  const bool same = std::memcmp(expected.data(), unwinding.data(), bytes) == 0 &&
                    std::memcmp(expected.data(), throwingHost.data(), bytes) == 0;
  std::puts(again && same ? "survived" : "harmed");
}
