// Hosts find a model through CMake, through pkg-config and by plain paths, wherever its folder lies.
#include "EmitTest.h"

using namespace fasternet;
using namespace fasternet::test;

namespace {

/// Stands in for generated code: it needs the runtime, so that the order of the libraries matters.
const char *const modelSource =
    "#include \"tiny.h\"\n"
    "const fnet_model tiny_model = {0};\n"
    "fnet_status tiny_init(void *m, size_t n, const fnet_options *o, tiny **t) {\n"
    "  (void)n; (void)o; *t = (tiny *)m; return FNET_OK;\n}\n"
    "fnet_status tiny_run(tiny *t, const float *in, float *out) {\n"
    "  (void)t; out[0] = in[0] + (fnet_status_text(FNET_OK) ? 1 : 0); return FNET_OK;\n}\n"
    "void tiny_done(tiny *t) { (void)t; }\n";

/// As C and as C++. The pool brings in threads.
const char *const appSource = "#include \"tiny.h\"\n"
                              "static float in[TINY_INPUT_ELEMENTS], out[TINY_OUTPUT_ELEMENTS];\n"
                              "static unsigned char memory[TINY_INSTANCE_BYTES], threads[65536];\n"
                              "int main(void) {\n"
                              "  tiny *instance = 0; fnet_pool *pool = 0;\n"
                              "  if (fnet_pool_bytes(2) > sizeof threads || fnet_pool_init(threads, sizeof "
                              "threads, 2, &pool) != FNET_OK) return 1;\n"
                              "  in[0] = 41;\n"
                              "  if (tiny_init(memory, sizeof memory, 0, &instance) != FNET_OK) return 2;\n"
                              "  if (tiny_run(instance, in, out) != FNET_OK) return 3;\n"
                              "  tiny_done(instance); fnet_pool_done(pool);\n"
                              "  return out[0] == 42 ? 0 : 4;\n}\n";

/// The same for a GPU; a status in place of a result where there is no driver.
const char *const cudaModelSource =
    "#include \"tiny.h\"\n#include \"fasternet/cuda_abi.h\"\n"
    "const fnet_model tiny_model = {0};\n"
    "static const fnet_cuda_model device = {0};\n"
    "fnet_status tiny_init(void *m, size_t n, const fnet_options *o, tiny **t) {\n"
    "  return fnet_internal_cuda_init(&device, m, n, o, (void **)t);\n}\n"
    "fnet_status tiny_run(tiny *t, const float *in, float *out) {\n"
    "  const void *ins[] = {in}; void *outs[] = {out}; return fnet_internal_cuda_run(t, ins, outs);\n}\n"
    "void tiny_done(tiny *t) { fnet_internal_cuda_done(t); }\n";

const char *const cudaAppSource =
    "#include \"tiny.h\"\n#include \"fasternet/cuda.h\"\n"
    "static unsigned char memory[TINY_INSTANCE_BYTES];\n"
    "int main(void) {\n"
    "  float in[TINY_INPUT_ELEMENTS] = {0}, out[TINY_OUTPUT_ELEMENTS]; tiny *instance = 0;\n"
    "  if (tiny_init(0, sizeof memory, 0, &instance) != FNET_ERROR_ARGUMENT) return 1;\n"
    "  if (tiny_run(instance, in, out) != FNET_ERROR_ARGUMENT) return 2;\n"
    "  tiny_done(instance);\n"
    "  return fnet_cuda_device_bytes(0) == 0 && !fnet_instance_variant(0) && memory[0] == 0 ? 0 : 3;\n}\n";

std::string quoted(const std::string &path) {
  return "'" + path + "'";
}

/// What a test needs to know of a kind of package.
struct Kind {
  bool onDevice;
  const char *model, *app, *libraries;
};

/// A package in "a package" (with a space: paths must be quoted everywhere) of a folder that is then moved.
class Package : public testing::TestWithParam<Kind> {
protected:
  void SetUp() override {
    ModelInterface model = sampleModel(1);
    model.onDevice = GetParam().onDevice;
    std::vector<std::string> runtime;
    for (const RuntimeFile &file : runtimeFiles())
      if (const std::string path = packagePath(file, model.onDevice); !path.empty()) {
        folder.write("built/" + path, file.text);
        if (llvm::StringRef(path).ends_with(".c"))
          runtime.push_back(folder.path("built/" + path));
      }
    folder.write("built/tiny.h", headerText(model));
    folder.write("built/tiny-config.cmake", cmakeConfigText(model));
    folder.write("built/tiny.pc", pkgConfigText(model));
    archive("libtiny.a", {folder.write("model.c", GetParam().model)});
    archive(runtimeName(), runtime);
    ASSERT_FALSE(llvm::sys::fs::rename(folder.path("built"), directory()));
  }

  std::string directory() const { return folder.path("a package"); }
  static std::string runtimeName() { return ("lib" + runtimeLibrary(GetParam().onDevice).name + ".a").str(); }
  std::string runtimePath() const { return directory() + "/" + runtimeName(); }

  void archive(const std::string &name, const std::vector<std::string> &sources) {
    std::vector<ArchiveMember> members;
    for (const std::string &source : sources) {
      ASSERT_EQ(shell("cc -std=c11 -O1 -I " + folder.path("built") + " -c -o " + folder.path("member.o") +
                      " " + source),
                0);
      members.push_back({llvm::sys::path::stem(source).str() + ".o", folder.read("member.o")});
    }
    ASSERT_EQ(Folder::message(writeStaticLibrary(folder.path("built/" + name), members)), "");
  }

  /// Configures, builds and runs a project of `language` that has only find_package and one link line.
  void buildWithCMake(const std::string &language, const std::string &source) {
    folder.write("project/" + source, GetParam().app);
    folder.write("project/CMakeLists.txt",
                 "cmake_minimum_required(VERSION 3.16)\nproject(app LANGUAGES " + language +
                     ")\nfind_package(tiny REQUIRED CONFIG)\nadd_executable(app " + source +
                     ")\ntarget_link_libraries(app PRIVATE fasternet::tiny)\n");
    const std::string build = folder.path("project/build"), log = " > " + folder.path("log") + " 2>&1";
    ASSERT_EQ(shell(FASTERNET_CMAKE " -G Ninja -DCMAKE_MAKE_PROGRAM=" FASTERNET_NINJA " -S " +
                    folder.path("project") + " -B " + build + " " +
                    quoted("-DCMAKE_PREFIX_PATH=" + directory()) + log),
              0)
        << folder.read("log");
    ASSERT_EQ(shell(FASTERNET_CMAKE " --build " + build + log), 0) << folder.read("log");
    EXPECT_EQ(shell(build + "/app"), 0);
  }

  Folder folder;
};

TEST_P(Package, LinksByPlainPaths) {
  const std::string app = folder.write("app.c", GetParam().app), program = folder.path("app");
  ASSERT_EQ(shell("cc -std=c11 -I " + quoted(directory()) + " -o " + program + " " + app + " " +
                  quoted(directory() + "/libtiny.a") + " " + quoted(runtimePath()) + " " +
                  GetParam().libraries),
            0);
  EXPECT_EQ(shell(program), 0);
}

TEST_P(Package, LinksThroughPkgConfig) {
  if (shell("pkg-config --version > " + folder.path("version")) != 0)
    GTEST_SKIP() << "no pkg-config";
  const std::string app = folder.write("app.c", GetParam().app), program = folder.path("app");
  // eval: pkg-config quotes its answer for a shell.
  ASSERT_EQ(shell("export PKG_CONFIG_PATH=" + quoted(directory()) + "; eval cc -std=c11 -o " + program +
                  " $(pkg-config --cflags tiny) " + app + " $(pkg-config --libs tiny)"),
            0);
  EXPECT_EQ(shell(program), 0);
}

TEST_P(Package, LinksThroughCMake) {
  buildWithCMake("C", "app.c");
}

TEST_P(Package, BuildsTheRuntimeWhereItsArchiveIsAbsent) {
  ASSERT_FALSE(llvm::sys::fs::remove(runtimePath()));
  // A project of C++ alone: the package asks for C itself.
  buildWithCMake("CXX", "app.cpp");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Package,
                         testing::Values(Kind{false, modelSource, appSource, "-lm -lpthread"},
                                         Kind{true, cudaModelSource, cudaAppSource, "-ldl"}),
                         [](const auto &info) { return info.param.onDevice ? "Cuda" : "Cpu"; });

} // namespace
