// A library as compiled, driven from init to done on the fake driver: what reaches the driver is what the
// library's tables and the code's own parameter lists say.
//
// Usage: on_fake_driver CAPABILITY KIND
// KIND: what each module must be loaded from, "PTX" or such as "CUBIN 80"
#include "FakeDriver.h"
#include "runtime/instance.h"

#include "model_cuda.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

void check(bool holds, const std::string &what) {
  if (holds)
    return;
  std::printf("%s\n", what.c_str());
  std::exit(1);
}

size_t count(const char *call) {
  const std::vector<std::string> calls = fake_driver::calls();
  return size_t(std::count(calls.begin(), calls.end(), call));
}

bool isEqual(const std::vector<unsigned> &found, const uint32_t (&expected)[3]) {
  return std::equal(found.begin(), found.end(), expected, expected + 3);
}

/// One launch against its entry in the tables. That addresses lie in device memory the fake sees.
void checkLaunch(const fake_driver::Launch &found, const fnet_cuda_launch &expected, const char *function,
                 const std::string &place) {
  check(found.kernel == function, place + "kernel " + found.kernel + ", expected " + function);
  check(isEqual(found.grid, expected.grid) && isEqual(found.block, expected.block), place + "grid or block");
  check(found.sharedBytes == expected.shared_bytes, place + "shared memory");
  check(found.parameters.size() == expected.argument_count,
        place + "the code has " + std::to_string(found.parameters.size()) + " parameters, the table " +
            std::to_string(expected.argument_count));
  for (uint32_t i = 0; i < expected.argument_count; ++i) {
    const std::string parameter = place + "parameter " + std::to_string(i) + ": ";
    check(found.parameterBytes[i] == expected.arguments[i].bytes, parameter + "bytes");
    // The longest vectors that kernels load.
    check(expected.arguments[i].base == FNET_CUDA_SCALAR || found.parameters[i] % 16 == 0,
          parameter + "alignment");
  }
}

/// The launches from number `first` on are those of one run.
void checkLaunches(const fnet_cuda_variant &variant, size_t first, bool captured) {
  const std::vector<fake_driver::Launch> launches = fake_driver::launches();
  check(launches.size() == first + variant.launch_count, std::to_string(launches.size() - first) +
                                                             " launches, the table has " +
                                                             std::to_string(variant.launch_count));
  for (uint32_t i = 0; i < variant.launch_count; ++i) {
    const std::string place = "launch " + std::to_string(i) + ": ";
    check(launches[first + i].captured == captured, place + "captured or not");
    checkLaunch(launches[first + i], variant.launches[i],
                variant.functions[variant.launches[i].function].name, place);
  }
}

void checkCode(const fnet_cuda_variant &variant, const std::string &kind) {
  check(fake_driver::images().size() == variant.module_count, "number of modules taken");
  for (const std::string &image : fake_driver::images())
    check(image.starts_with(kind), "a module came from " + image + ", expected " + kind);
  std::vector<std::string> expected;
  for (uint32_t i = 0; i < variant.function_count; ++i)
    if (variant.functions[i].shared_bytes > 48 * 1024)
      expected.push_back(variant.functions[i].name +
                         ("=" + std::to_string(variant.functions[i].shared_bytes)));
  check(fake_driver::sharedBytesSet() == expected, "shared memory asked for");
  for (uint32_t i = 0; i < variant.launch_count; ++i)
    check(variant.launches[i].shared_bytes <= variant.functions[variant.launches[i].function].shared_bytes,
          "shared memory of a launch");
  std::printf("beyond 48 KiB: %zu\n", expected.size());
}

void run(model_cuda *model, const fnet_cuda_variant &variant, bool graph) {
  std::vector<float> input(MODEL_CUDA_INPUT_ELEMENTS), output(MODEL_CUDA_OUTPUT_ELEMENTS);
  const size_t before = fake_driver::launches().size();
  fake_driver::forgetCalls();
  check(model_cuda_run(model, input.data(), output.data()) == FNET_OK, "run");
  check(count("cuGraphLaunch") == (graph ? 1 : 0), "graphs that run launched");
  check(count("cuLaunchKernel") == (graph ? 0 : variant.launch_count), "kernels that run launched");
  if (graph)
    checkLaunches(variant, 0, /*captured=*/true); // by init
  else
    checkLaunches(variant, before, /*captured=*/false);
}

void runOnDevice(model_cuda *model, const fnet_cuda_variant &variant, bool graph) {
  const uint64_t from = fake_driver::allocate(MODEL_CUDA_INPUT_ELEMENTS * sizeof(float));
  const uint64_t to = fake_driver::allocate(MODEL_CUDA_OUTPUT_ELEMENTS * sizeof(float));
  const void *inputs[] = {reinterpret_cast<void *>(from)};
  void *outputs[] = {reinterpret_cast<void *>(to)}, *stream = fake_driver::createStream();
  for (bool again : {false, true}) {
    const size_t before = fake_driver::launches().size();
    fake_driver::forgetCalls();
    check(model_cuda_run_device(model, inputs, outputs, stream) == FNET_OK, "run_device");
    check(count("cuGraphLaunch") == (graph ? 1 : 0), "graphs that run_device launched");
    check(count("cuStreamSynchronize") == 0, "run_device waited");
    if (graph && again)
      check(count("cuLaunchKernel") == 0, "the graph is made once for the same addresses");
    else
      checkLaunches(variant, before, /*captured=*/graph);
    fake_driver::finish(stream);
  }
  fake_driver::destroyStream(stream);
  fake_driver::release(from);
  fake_driver::release(to);
}

void drive(int capability, const std::string &kind, uint64_t flags) {
  fake_driver::reset({capability});
  std::vector<unsigned char> memory(MODEL_CUDA_INSTANCE_BYTES);
  char message[256] = "";
  fnet_options options{};
  options.struct_size = sizeof options;
  options.flags = flags;
  options.message = message;
  options.message_bytes = sizeof message;
  model_cuda *model;
  const fnet_status status = model_cuda_init(memory.data(), memory.size(), &options, &model);
  check(status == FNET_OK, std::string("init: ") + fnet_status_text(status) + ": " + message);
  const fnet_cuda_variant &variant = *reinterpret_cast<const fnet_cuda_instance *>(model)->variant;
  const bool graph = (flags & FNET_OPTION_GRAPH) != 0;
  checkCode(variant, kind);
  run(model, variant, graph);
  runOnDevice(model, variant, graph);
  model_cuda_done(model);
  for (const std::string &misuse : fake_driver::misuses())
    check(false, "misuse: " + misuse);
  for (const std::string &thing : fake_driver::living())
    check(false, "still there: " + thing);
  std::printf("%s, %s: %u launches\n", variant.name, graph ? "graph" : "plain",
              unsigned(variant.launch_count));
}

} // namespace

int main(int, char **argv) {
  for (uint64_t flags : {uint64_t(0), uint64_t(FNET_OPTION_GRAPH)})
    drive(std::atoi(argv[1]), argv[2], flags);
  return 0;
}
