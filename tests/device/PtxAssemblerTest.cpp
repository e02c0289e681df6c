// PTX through the real ptxas: resources, the bytes, and what it refuses.
#include "device/PtxAssembler.h"
#include "ScopedVariable.h"
#include "device/DeviceTools.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace fasternet;

static std::string ptxOf(const std::string &name) {
  return llvm::cantFail(mapFile(FASTERNET_TEST_DATA "/ptx/" + name + ".ptx"))->getBuffer().str();
}

static std::string problem(const std::string &ptx, int64_t capability) {
  auto cubin = assemblePtx(ptx, capability);
  return cubin ? "" : llvm::toString(cubin.takeError());
}

TEST(PtxAssembler, ReportsSharedMemoryAndBarriers) {
  for (int64_t capability : {75, 80, 86, 89, 90}) {
    auto cubin = assemblePtx(ptxOf("shared_memory"), capability);
    ASSERT_TRUE(bool(cubin)) << llvm::toString(cubin.takeError());
    EXPECT_EQ(cubin->capability, capability);
    const ResourceUsage *usage = cubin->find("rotate");
    ASSERT_NE(usage, nullptr);
    EXPECT_TRUE(usage->entry);
    EXPECT_GT(usage->registers, 0);
    EXPECT_LT(usage->registers, 64);
    EXPECT_EQ(usage->sharedBytes, 1024);
    EXPECT_EQ(usage->barriers, 1);
    EXPECT_EQ(usage->stackBytes + usage->spillStoreBytes + usage->spillLoadBytes, 0);
    EXPECT_EQ(cubin->find("another"), nullptr);
  }
}

TEST(PtxAssembler, ReportsSpills) {
  auto cubin = assemblePtx(ptxOf("spills"), 80);
  ASSERT_TRUE(bool(cubin)) << llvm::toString(cubin.takeError());
  const ResourceUsage *usage = cubin->find("crowded");
  ASSERT_NE(usage, nullptr);
  EXPECT_LE(usage->registers, 24);
  // Of forty values at most 24 stay in registers.
  EXPECT_GE(usage->spillStoreBytes, 16 * 4);
  EXPECT_GE(usage->spillLoadBytes, 16 * 4);
  EXPECT_GE(usage->stackBytes, usage->spillStoreBytes);
}

TEST(PtxAssembler, SameInputSameBytes) {
  auto first = assemblePtx(ptxOf("nested_loops"), 80), second = assemblePtx(ptxOf("nested_loops"), 80);
  ASSERT_TRUE(bool(first)) << llvm::toString(first.takeError());
  ASSERT_TRUE(bool(second)) << llvm::toString(second.takeError());
  EXPECT_EQ(first->bytes, second->bytes);
  EXPECT_EQ(first->functions, second->functions);
  // Nor does the folder's or the file's name appear, which would differ on another machine.
  EXPECT_EQ(first->bytes.find("fasternetc"), std::string::npos);
  EXPECT_EQ(first->bytes.find("kernel."), std::string::npos);
}

TEST(PtxAssembler, HandsOnWhatPtxasRefuses) {
  std::string ptx = ptxOf("unrolled");
  ptx.replace(ptx.find("fma.rn.f32"), 3, "fmx");
  const std::string message = problem(ptx, 80);
  EXPECT_EQ(message.find("ptxas made no code for sm_80:\nptxas kernel.ptx, line 14; "), 0u) << message;
  EXPECT_NE(problem("", 80), "");
  // Tensor cores of this shape came with 8.0.
  EXPECT_NE(problem(ptxOf("tensor_core"), 75).find("sm_75"), std::string::npos);
}

TEST(PtxAssembler, SaysWhereItDoesNotKnowTheArchitecture) {
  const std::string message = problem(ptxOf("unrolled"), 12);
  EXPECT_NE(message.find("does not know sm_12: take it from another CUDA toolkit"), std::string::npos)
      << message;
}

TEST(PtxAssembler, AFunctionWithoutReportIsAnError) {
  const TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  const std::string silent = folder.path("silent-ptxas");
  llvm::cantFail(
      writeFile(silent, "#!/bin/sh\nexec '" + *findDeviceTool("ptxas") + "' \"$@\" >/dev/null 2>&1\n"));
  ASSERT_FALSE(llvm::sys::fs::setPermissions(silent, llvm::sys::fs::owner_all));
  const ScopedVariable variable("FASTERNET_PTXAS", silent.c_str());
  const std::string message = problem(ptxOf("shared_memory"), 80);
  EXPECT_EQ(message.find("ptxas reports no registers for function 'rotate'"), 0u) << message;
}

TEST(PtxAssembler, NamesTheMissingTool) {
  const ScopedVariable variable("FASTERNET_PTXAS", "/no/such/ptxas");
  EXPECT_EQ(problem(ptxOf("unrolled"), 80), missingDeviceTool("ptxas"));
}
