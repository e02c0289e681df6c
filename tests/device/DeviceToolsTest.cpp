// Where ptxas and nvdisasm are looked for.
#include "device/DeviceTools.h"
#include "ScopedVariable.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace fasternet;

/// An executable file of that name in `folder`, which is made.
static std::string makeProgram(const TemporaryFolder &root, const std::string &folder,
                               const std::string &name) {
  EXPECT_FALSE(llvm::sys::fs::create_directories(root.path(folder)));
  const std::string path = root.path(folder + "/" + name);
  llvm::cantFail(writeFile(path, "#!/bin/sh\n"));
  EXPECT_FALSE(llvm::sys::fs::setPermissions(path, llvm::sys::fs::owner_all));
  return path;
}

TEST(DeviceTools, PathBeforeToolkit) {
  const TemporaryFolder root = llvm::cantFail(TemporaryFolder::create());
  const std::string onPath = makeProgram(root, "path", "nvdisasm"),
                    inToolkit = makeProgram(root, "cuda/bin", "nvdisasm");
  const ScopedVariable unset("FASTERNET_NVDISASM", nullptr), home("CUDA_HOME", root.path("cuda").c_str());
  {
    const ScopedVariable path("PATH", root.path("path").c_str());
    EXPECT_EQ(findDeviceTool("nvdisasm"), onPath);
  }
  const ScopedVariable path("PATH", root.path("nothing").c_str());
  EXPECT_EQ(findDeviceTool("nvdisasm"), inToolkit);
}

TEST(DeviceTools, OnlyWhatTheVariableNames) {
  const TemporaryFolder root = llvm::cantFail(TemporaryFolder::create());
  const std::string named = makeProgram(root, "own", "my-ptxas");
  const ScopedVariable path("PATH", root.path("path").c_str());
  makeProgram(root, "path", "ptxas");
  {
    const ScopedVariable variable("FASTERNET_PTXAS", named.c_str());
    EXPECT_EQ(findDeviceTool("ptxas"), named);
  }
  const ScopedVariable variable("FASTERNET_PTXAS", "/no/such/ptxas");
  EXPECT_EQ(findDeviceTool("ptxas"), std::nullopt);
  EXPECT_EQ(missingDeviceTool("ptxas"), "ptxas was not found (FASTERNET_PTXAS is '/no/such/ptxas')");
}

TEST(DeviceTools, SaysWhereItLooked) {
  const ScopedVariable unset("FASTERNET_PTXAS", nullptr), home("CUDA_HOME", "/opt/cuda");
  const std::string message = missingDeviceTool("ptxas");
  EXPECT_EQ(message.find("ptxas was not found (on PATH, in /opt/cuda/bin, in /usr/local/cuda/bin, "), 0u)
      << message;
  EXPECT_NE(message.find("FASTERNET_PTXAS may name it"), std::string::npos) << message;
}
