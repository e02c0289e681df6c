// The header is C and C++, the manifest is JSON of the documented form, and both lie beside the runtime's
// headers.
#include "EmitTest.h"

#include <nlohmann/json.hpp>

using namespace fasternet;
using namespace fasternet::test;

/// The package's headers as users get them.
static void writeRuntimeHeaders(const Folder &folder) {
  for (const RuntimeFile &file : runtimeFiles())
    if (const std::string path = packagePath(file, /*onDevice=*/true);
        llvm::StringRef(path).starts_with("fasternet/"))
      folder.write(path, file.text);
}

static void compileAsCAndCxx(int64_t outputs, const std::string &run) {
  Folder folder;
  writeRuntimeHeaders(folder);
  folder.write("tiny.h", headerText(sampleModel(outputs)));
  const std::string source = "#include \"tiny.h\"\n#include \"tiny.h\"\n"
                             "char enough[TINY_INSTANCE_BYTES == 1024 + 256 && TINY_INSTANCE_BYTES_FOR(3) == "
                             "1024 + 3 * 256 ? 1 : -1];\n"
                             "char elements[TINY_INPUT_ELEMENTS == 192 ? 1 : -1];\n" +
                             run;
  const std::string flags = " -Wall -Wextra -Werror -pedantic -fsyntax-only -I " + folder.path() + " ";
  EXPECT_EQ(shell("cc -std=c11" + flags + folder.write("use.c", source)), 0);
  EXPECT_EQ(shell("c++ -std=c++20" + flags + folder.write("use.cpp", source)), 0);
}

TEST(Header, CompilesWithOneOutput) {
  compileAsCAndCxx(1, "char out[TINY_OUTPUT_ELEMENTS == 10 ? 1 : -1];\n"
                      "fnet_status use(void *memory, const float *in, float *result) {\n"
                      "  tiny *instance;\n"
                      "  fnet_status status = tiny_init(memory, TINY_INSTANCE_BYTES, 0, &instance);\n"
                      "  if (status == FNET_OK) status = tiny_run(instance, in, result);\n"
                      "  tiny_done(instance);\n"
                      "  return tiny_model.input_count == 1 ? status : FNET_ERROR_ARGUMENT;\n}\n");
}

TEST(Header, CompilesWithFourOutputs) {
  compileAsCAndCxx(
      4, "char out[TINY_OUTPUT0_ELEMENTS == 128 && TINY_OUTPUT3_ELEMENTS == 16 ? 1 : -1];\n"
         "fnet_status use(tiny *instance, const float *in, float *a, float *b, float *c, float *d) {\n"
         "  return tiny_run(instance, in, a, b, c, d);\n}\n");
}

TEST(Manifest, HasTheDocumentedForm) {
  const std::string text = manifestText(sampleModel(4));
  EXPECT_EQ(text, manifestText(sampleModel(4)));
  EXPECT_EQ(text.back(), '\n');
  auto manifest = nlohmann::ordered_json::parse(text);
  std::vector<std::string> keys;
  for (const auto &item : manifest.items())
    keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"name", "compiler", "precision", "targets", "inputs", "outputs",
                                            "macs", "memory", "kernels"}));
  EXPECT_EQ(manifest["compiler"]["version"], "0.1.0");
  EXPECT_EQ(manifest["inputs"][0]["bytes"], 192 * 4);
  EXPECT_EQ(manifest["inputs"][0]["layout"], "NCHW");
  EXPECT_EQ(manifest["outputs"].size(), 4u);
  EXPECT_EQ(manifest["outputs"][3]["shape"], (std::vector<int>{1, 16, 1, 1}));
  EXPECT_EQ(manifest["memory"]["instance_worker_bytes"], 256);
  EXPECT_EQ(manifest["kernels"][0]["spec"], "affine-n1-8x8-c2-f32-w32");
  EXPECT_EQ(manifest["kernels"][0]["variants"][0]["code_bytes"], 77);
}

TEST(Manifest, SurvivesBytesThatAreNotUtf8) {
  ModelInterface model = sampleModel(1);
  model.kernels[0].variants[0].schedule = "rows\xff";
  EXPECT_TRUE(nlohmann::json::accept(manifestText(model)));
}

TEST(RuntimeFiles, AreSortedAndHaveTheirPlaces) {
  auto files = runtimeFiles();
  ASSERT_FALSE(files.empty());
  EXPECT_TRUE(
      llvm::is_sorted(files, [](const RuntimeFile &a, const RuntimeFile &b) { return a.path < b.path; }));
  for (const RuntimeFile &file : files)
    EXPECT_EQ(file.text.data()[file.text.size()], '\0') << file.path.str();
}

/// Places in a package, sorted.
static std::vector<std::string> packagePaths(bool onDevice) {
  std::vector<std::string> paths;
  for (const RuntimeFile &file : runtimeFiles())
    if (const std::string path = packagePath(file, onDevice); !path.empty())
      paths.push_back(path);
  llvm::sort(paths);
  return paths;
}

TEST(RuntimeFiles, OfAPackageForCpus) {
  EXPECT_EQ(packagePaths(/*onDevice=*/false),
            (std::vector<std::string>{
                "fasternet/abi.h", "fasternet/model.h", "fasternet/parallel.h", "fasternet/status.h",
                "runtime/border.c", "runtime/cpu_arm.c", "runtime/cpu_other.c", "runtime/cpu_x86.c",
                "runtime/front.c", "runtime/front.h", "runtime/instance.c", "runtime/instance.h",
                "runtime/parallel.c", "runtime/pool.c", "runtime/scratch.c", "runtime/status.c"}));
}

TEST(RuntimeFiles, OfAPackageForGpus) {
  EXPECT_EQ(packagePaths(/*onDevice=*/true),
            (std::vector<std::string>{"fasternet/abi.h",   "fasternet/cuda.h",     "fasternet/cuda_abi.h",
                                      "fasternet/model.h", "fasternet/parallel.h", "fasternet/status.h",
                                      "runtime/choose.c",  "runtime/context.c",    "runtime/driver.c",
                                      "runtime/driver.h",  "runtime/front.c",      "runtime/front.h",
                                      "runtime/graph.c",   "runtime/instance.c",   "runtime/instance.h",
                                      "runtime/launch.c",  "runtime/memory.c",     "runtime/modules.c",
                                      "runtime/run.c",     "runtime/status.c",     "runtime/tables.c"}));
}
