// The PTX: the instructions it is made for, launches that match its entries; and where ptxas is there, code
// for each GPU without spills, with the tensor cores' instructions where nvdisasm is there too.
#include "tensorcore/TensorCore.h"

#include "support/Files.h"
#include "support/Process.h"

#include <gtest/gtest.h>

#include "llvm/Support/Program.h"

using namespace fasternet;

namespace {

struct Case {
  const char *spec, *target;
  const char *mma;  ///< of the PTX
  const char *hmma; ///< of the machine code
};

void PrintTo(const Case &c, std::ostream *os) {
  *os << c.spec << " on " << c.target;
}

constexpr const char *half = "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32";
constexpr const char *shortHalf = "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32";
constexpr const char *single = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";

const Case cases[] = {
    {"patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f16-w16", "cuda-sm80", half, "HMMA.16816.F32"},
    {"patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f32-wtf32", "cuda-sm89", single, "HMMA.1688.F32.TF32"},
    {"patch_conv-n1-56x56-c96-o192-k2-s2-nhwc-f16-w16", "cuda-sm75", shortHalf, "HMMA.1688.F32"},
    {"block-n1-56x56-c40-p10-h80-relu-f16-w16", "cuda-sm80", half, "HMMA.16816.F32"},
    {"block-n32-14x14-c384-p96-h768-gelu-f16-w16", "cuda-sm90", half, "HMMA.16816.F32"},
    {"block-n32-14x14-c384-p96-h768-gelu-f32-wtf32", "cuda-sm80", single, "HMMA.1688.F32.TF32"},
    {"block-n1-7x7-c320-p80-h640-relu-f16-w16", "cuda-sm86", half, "HMMA.16816.F32"},
    {"block-n1-5x6-c9-p3-h18-gelu-f16-w16", "cuda-sm80", half, "HMMA.16816.F32"},
    {"block-n1-56x56-c96-p24-h192-gelu-f32-wtf32", "cuda-sm86", single, "HMMA.1688.F32.TF32"},
    {"block-n32-56x56-c96-p24-h192-relu-f16-w16", "cuda-sm75", shortHalf, "HMMA.1688.F32"},
};

DeviceKernel compiled(const Case &c) {
  llvm::Expected<DeviceKernel> kernel =
      compileTensorCoreKernel(llvm::cantFail(KernelSpec::parse(c.spec)), *findTarget(c.target), "");
  if (kernel)
    return *kernel;
  ADD_FAILURE() << llvm::toString(kernel.takeError());
  return {};
}

class Ptx : public testing::TestWithParam<Case> {};

TEST_P(Ptx, HasWhatTheLaunchesName) {
  const DeviceKernel kernel = compiled(GetParam());
  const bool separate = llvm::StringRef(kernel.schedule).starts_with("launches=3");
  EXPECT_EQ(kernel.launches.size(), separate ? 3u : 1u);
  EXPECT_EQ(kernel.intermediateBytes.size(), separate ? 2u : 0u);
  const llvm::StringRef ptx = kernel.ptx;
  EXPECT_NE(ptx.find(GetParam().mma), llvm::StringRef::npos);
  EXPECT_EQ(ptx.find("__nv_"), llvm::StringRef::npos) << "no device library is linked";
  EXPECT_EQ(ptx.contains("cp.async"), kernel.target != "cuda-sm75")
      << "asynchronous copies where the GPU has them";
  EXPECT_TRUE(ptx.contains(".target sm_" + kernel.target.substr(7)));
  for (const DeviceLaunch &launch : kernel.launches) {
    const llvm::StringRef entry = ptx.split(".entry " + launch.function + "(").second.split(')').first;
    EXPECT_EQ(entry.count(".param"), launch.arguments.size()) << launch.function;
    for (const LaunchArgument &argument : launch.arguments)
      EXPECT_LT(argument.buffer, int32_t(kernel.arguments.size() + kernel.intermediateBytes.size()));
  }
}

TEST_P(Ptx, AssemblesWithoutSpills) {
  const llvm::ErrorOr<std::string> ptxas = llvm::sys::findProgramByName("ptxas");
  if (!ptxas)
    GTEST_SKIP() << "no ptxas on PATH";
  const DeviceKernel kernel = compiled(GetParam());
  TemporaryFolder folder = llvm::cantFail(TemporaryFolder::create());
  llvm::cantFail(writeFile(folder.path("kernel.ptx"), kernel.ptx));
  const ProcessResult assembled =
      llvm::cantFail(runProcess({*ptxas, "-v", "-arch=sm_" + kernel.target.substr(7), "-o",
                                 folder.path("kernel.cubin"), folder.path("kernel.ptx")}));
  ASSERT_EQ(assembled.status, 0) << assembled.out << assembled.err;
  const std::string report = assembled.out + assembled.err;
  EXPECT_EQ(llvm::StringRef(report).count("0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"),
            kernel.launches.size())
      << report;
  const llvm::ErrorOr<std::string> nvdisasm = llvm::sys::findProgramByName("nvdisasm");
  if (!nvdisasm)
    GTEST_SKIP() << "assembled; no nvdisasm on PATH to look for " << GetParam().hmma;
  const ProcessResult listed = llvm::cantFail(runProcess({*nvdisasm, "-c", folder.path("kernel.cubin")}));
  ASSERT_EQ(listed.status, 0) << listed.err;
  EXPECT_TRUE(llvm::StringRef(listed.out).contains(GetParam().hmma));
}

TEST(PtxText, IsTheSameEveryTime) {
  EXPECT_EQ(compiled(cases[3]).ptx, compiled(cases[3]).ptx);
}

INSTANTIATE_TEST_SUITE_P(Kernels, Ptx, testing::ValuesIn(cases));

} // namespace
