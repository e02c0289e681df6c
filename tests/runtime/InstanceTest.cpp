// init, run and done: what they accept, what they refuse and with which status.
#include "FakeModel.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

fnet_options noOptions() {
  fnet_options options{};
  options.struct_size = sizeof options;
  return options;
}

/// init with the memory that one worker needs.
fnet_status initStatus(const FakeModel &model, const fnet_options *options) {
  std::vector<unsigned char> memory(model.bytes());
  void *instance = &memory;
  fnet_status status =
      fnet_internal_init(&model.description, memory.data(), memory.size(), options, &instance);
  EXPECT_EQ(status == FNET_OK, instance != nullptr);
  return status;
}

TEST(Status, EachHasItsOwnSentence) {
  for (int status = FNET_OK; status <= FNET_ERROR_DEVICE; ++status) {
    std::string text = fnet_status_text(static_cast<fnet_status>(status));
    EXPECT_EQ(text.back(), '.');
    for (int other = FNET_OK; other < status; ++other)
      EXPECT_NE(text, fnet_status_text(static_cast<fnet_status>(other)));
  }
}

TEST(Init, RefusesNullPointers) {
  FakeModel model(doublingKernel);
  std::vector<unsigned char> memory(model.bytes());
  void *instance = nullptr;
  EXPECT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), nullptr, nullptr),
            FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_init(&model.description, nullptr, memory.size(), nullptr, &instance),
            FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_init(nullptr, memory.data(), memory.size(), nullptr, &instance),
            FNET_ERROR_ARGUMENT);
}

TEST(Init, TakesExactlyTheBytesInAnyAlignment) {
  FakeModel model(doublingKernel);
  for (size_t misalignment = 0; misalignment < 2 * FNET_ALIGNMENT; ++misalignment) {
    FakeInstance instance(model, nullptr, misalignment); // a byte beyond would be beyond the vector
    ASSERT_EQ(instance.status, FNET_OK);
    ASSERT_EQ(instance.run(3), FNET_OK);
    ASSERT_TRUE(instance.outputIsDoubled(3));
  }
}

TEST(Init, RefusesOneByteLess) {
  FakeModel model(doublingKernel);
  std::vector<unsigned char> memory(model.bytes(3));
  fnet_parallel parallel{nullptr, 3, [](void *, fnet_task, void *, size_t) {}};
  fnet_options options = noOptions();
  options.parallel = &parallel;
  void *instance;
  EXPECT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size() - 1, &options, &instance),
            FNET_ERROR_MEMORY);
  EXPECT_EQ(instance, nullptr);
  EXPECT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), &options, &instance),
            FNET_OK);
  parallel.workers = SIZE_MAX; // the product would overflow
  EXPECT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), &options, &instance),
            FNET_ERROR_MEMORY);
}

TEST(Init, ZeroesTheArena) {
  FakeModel model([](void *, unsigned char *arena, const float *, float *) {
    for (size_t i = 0; i < FakeModel::arenaBytes; ++i)
      if (arena[i] != 0)
        return 1;
    return 0;
  });
  std::vector<unsigned char> memory(model.bytes(), 0xaa);
  void *instance;
  ASSERT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), nullptr, &instance),
            FNET_OK);
  float values[FakeModel::values] = {};
  const void *inputs[] = {values};
  void *outputs[] = {values};
  EXPECT_EQ(fnet_internal_run(instance, inputs, outputs), FNET_OK);
}

TEST(Init, RefusesOtherVersions) {
  FakeModel model(doublingKernel);
  model.description.abi_version = FNET_ABI_VERSION + 1;
  EXPECT_EQ(initStatus(model, nullptr), FNET_ERROR_VERSION);
  model.description.abi_version = FNET_ABI_VERSION;
  model.description.struct_size -= 8;
  EXPECT_EQ(initStatus(model, nullptr), FNET_ERROR_VERSION);
  model.description.struct_size += 8;
  model.description.instance_bytes += 1; // not the sum that this runtime lays out
  EXPECT_EQ(initStatus(model, nullptr), FNET_ERROR_VERSION);
}

TEST(Options, StructSizes) {
  FakeModel model(doublingKernel);
  struct {
    fnet_options known;
    void *unknown;
  } longer{};
  fnet_options &options = longer.known;
  options.variant = "absent"; // refused when it is read
  options.struct_size = offsetof(fnet_options, variant);
  EXPECT_EQ(initStatus(model, &options), FNET_OK) << "a shorter struct ends before the variant";
  options.struct_size = offsetof(fnet_options, variant) + sizeof(void *);
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_CPU);
  options.variant = nullptr;
  options.struct_size = sizeof longer;
  EXPECT_EQ(initStatus(model, &options), FNET_OK) << "a longer struct with nothing in it";
  longer.unknown = &longer;
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_VERSION) << "a longer struct with a wish unknown here";
  for (size_t size : {size_t(0), size_t(7), size_t(13), SIZE_MAX - 7}) {
    options.struct_size = size;
    EXPECT_EQ(initStatus(model, &options), FNET_ERROR_ARGUMENT) << size;
  }
}

TEST(Options, ParallelMustBeComplete) {
  FakeModel model(doublingKernel);
  fnet_parallel parallel{nullptr, 0, [](void *, fnet_task, void *, size_t) {}};
  fnet_options options = noOptions();
  options.parallel = &parallel;
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_ARGUMENT);
  parallel = {nullptr, 1, nullptr};
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_ARGUMENT);
}

TEST(Options, OfGpusAreOfNoUseHere) {
  FakeModel model(doublingKernel);
  char text[] = "from before";
  fnet_options options = noOptions();
  options.device = 7;
  options.message = text;
  EXPECT_EQ(initStatus(model, &options), FNET_OK);
  EXPECT_STREQ(text, "from before") << "there is no room";
  options.message_bytes = 1;
  EXPECT_EQ(initStatus(model, &options), FNET_OK);
  EXPECT_STREQ(text, "");
  options.flags = FNET_OPTION_GRAPH;
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_ARGUMENT);
}

TEST(Variant, BestThatTheCpuRuns) {
  FakeModel model(doublingKernel);
  uint64_t impossible = 1ull << 63, here = fnet_internal_cpu_features();
  model.variants = {{"future", impossible | here, model.kernels},
                    {"best", here, model.kernels},
                    {"plain", 0, model.kernels}};
  model.describeVariants();
  FakeInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK);
  EXPECT_STREQ(fnet_instance_variant(instance.instance), "best");

  fnet_options options = noOptions();
  options.variant = "future";
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_CPU) << "asked for, but the CPU cannot";
  options.variant = "none of that name";
  EXPECT_EQ(initStatus(model, &options), FNET_ERROR_CPU);
  options.variant = "plain";
  EXPECT_EQ(initStatus(model, &options), FNET_OK);
  model.variants = {{"future", impossible, model.kernels}};
  model.describeVariants();
  EXPECT_EQ(initStatus(model, nullptr), FNET_ERROR_CPU);
}

TEST(Variant, ByName) {
  FakeModel model(doublingKernel);
  const void *failing[] = {reinterpret_cast<const void *>(
      static_cast<FakeKernel>([](void *, unsigned char *, const float *, float *) { return 1; }))};
  model.variants = {{"first", 0, failing}, {"second", 0, model.kernels}};
  model.describeVariants();
  std::vector<unsigned char> memory(model.bytes());
  fnet_options options = noOptions();
  options.variant = "second";
  void *instance;
  ASSERT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), &options, &instance),
            FNET_OK);
  EXPECT_STREQ(fnet_instance_variant(instance), "second");
  float values[FakeModel::values] = {};
  const void *inputs[] = {values};
  void *outputs[] = {values};
  EXPECT_EQ(fnet_internal_run(instance, inputs, outputs), FNET_OK);
}

TEST(Run, RefusesNullPointers) {
  FakeModel model(doublingKernel);
  FakeInstance instance(model);
  float values[FakeModel::values] = {};
  const void *inputs[] = {values}, *noInputs[] = {nullptr};
  void *outputs[] = {values}, *noOutputs[] = {nullptr};
  EXPECT_EQ(fnet_internal_run(nullptr, inputs, outputs), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_run(instance.instance, nullptr, outputs), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_run(instance.instance, inputs, nullptr), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_run(instance.instance, noInputs, outputs), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_run(instance.instance, inputs, noOutputs), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_internal_run(instance.instance, inputs, outputs), FNET_OK);
}

TEST(Run, ReportsAKernelFailureAndWorksAfterIt) {
  // Fails for a negative input, keeping its block.
  FakeModel model([](void *context, unsigned char *, const float *input, float *output) {
    void *block =
        fnet_internal_malloc(context, FakeModel::callerScratchBytes + FakeModel::workerScratchBytes);
    output[0] = input[0];
    return input[0] < 0 || !block ? -5 : 0;
  });
  FakeInstance instance(model);
  EXPECT_EQ(instance.run(-1), FNET_ERROR_KERNEL);
  EXPECT_EQ(instance.run(1), FNET_OK);
  EXPECT_EQ(instance.run(-1), FNET_ERROR_KERNEL);
  EXPECT_EQ(instance.run(1), FNET_OK);
}

TEST(Run, CallsTheStepHook) {
  FakeModel model(doublingKernel);
  std::vector<unsigned char> memory(model.bytes());
  std::vector<size_t> steps;
  fnet_options options = noOptions();
  options.step_self = &steps;
  options.step_done = [](void *self, size_t step) {
    static_cast<std::vector<size_t> *>(self)->push_back(step);
  };
  void *instance;
  ASSERT_EQ(fnet_internal_init(&model.description, memory.data(), memory.size(), &options, &instance),
            FNET_OK);
  float values[FakeModel::values] = {};
  const void *inputs[] = {values};
  void *outputs[] = {values};
  ASSERT_EQ(fnet_internal_run(instance, inputs, outputs), FNET_OK);
  EXPECT_EQ(steps, std::vector<size_t>{0});
}

TEST(Done, EndsTheInstance) {
  FakeModel model(doublingKernel);
  FakeInstance instance(model);
  fnet_internal_done(instance.instance);
  EXPECT_EQ(instance.run(), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_instance_variant(instance.instance), nullptr);
  fnet_internal_done(nullptr);
  EXPECT_EQ(fnet_instance_variant(nullptr), nullptr);
}

TEST(Cpu, AgreesWithTheCompilersOwnDetection) {
  [[maybe_unused]] uint64_t features = fnet_internal_cpu_features();
#if defined(__x86_64__)
  EXPECT_EQ((features & FNET_CPU_X86_64_V2) != 0, __builtin_cpu_supports("x86-64-v2") != 0);
  EXPECT_EQ((features & FNET_CPU_X86_64_V3) != 0, __builtin_cpu_supports("x86-64-v3") != 0);
  EXPECT_EQ((features & FNET_CPU_X86_64_V4) != 0, __builtin_cpu_supports("x86-64-v4") != 0);
  EXPECT_EQ((features & FNET_CPU_VENDOR_AMD) != 0, __builtin_cpu_is("amd") != 0);
  EXPECT_EQ((features & FNET_CPU_VENDOR_INTEL) != 0, __builtin_cpu_is("intel") != 0);
  EXPECT_EQ((features & FNET_CPU_AVX512_BF16) != 0, __builtin_cpu_supports("avx512bf16") != 0);
  EXPECT_EQ((features & FNET_CPU_AVX512_VNNI) != 0, __builtin_cpu_supports("avx512vnni") != 0);
#endif
#if defined(__aarch64__)
  EXPECT_TRUE(features & FNET_CPU_AARCH64);
#endif
}

} // namespace
