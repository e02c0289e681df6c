// The table of device code, from numbers made by hand, and what happens without the tools.
#include "driver/DeviceReport.h"
#include "ScopedVariable.h"
#include "device/DeviceTools.h"

#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

DeviceKernel blockKernel() {
  DeviceKernel kernel = {
      .spec = llvm::cantFail(KernelSpec::parse("block-n1-56x56-c96-p24-h192-relu-f32-w32")),
      .target = "cuda-sm80",
      .ptx = "",
      .launches = {{.function = "partial", .grid = {98, 1, 1}, .threads = {24, 8, 1}},
                   {.function = "first", .grid = {98, 3, 1}, .threads = {128, 1, 1}, .sharedBytes = 55296},
                   {.function = "second", .grid = {7, 1, 2}, .threads = {32, 1, 1}}},
  };
  return kernel;
}

InstructionMix mixOf(size_t instructions, llvm::StringRef opcode, size_t count) {
  return {.instructions = instructions, .opcodes = {{opcode.str(), count}}};
}

std::string reportOf(llvm::ArrayRef<DeviceCode> code) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printDeviceReport(os, code);
  return text;
}

} // namespace

TEST(DeviceReport, ALineForEachLaunch) {
  const DeviceKernel kernel = blockKernel();
  DeviceCode code = {.kernel = &kernel};
  code.cubin = Cubin{.capability = 80};
  code.cubin->functions = {
      {.function = "partial", .entry = true, .registers = 72},
      {.function = "first", .entry = true, .registers = 40, .sharedBytes = 1024},
      {.function = "second",
       .entry = true,
       .registers = 24,
       .stackBytes = 88,
       .spillStoreBytes = 84,
       .spillLoadBytes = 80},
  };
  code.functions = {
      {"partial", mixOf(200, "FFMA", 100), {{".L_x_1", true, mixOf(100, "FFMA", 78)}}},
      {"first", mixOf(50, "HMMA", 10), {}},
      {"second", mixOf(50, "IADD3", 10), {}},
  };
  // 192 threads of 72 registers: 28 warps, 4 blocks of 6, 24 of 64 warps. 55296 + 1024 + 1024 bytes of 164
  // KiB: 2 blocks of 4 warps. One warp a block: 32 blocks.
  EXPECT_EQ(reportOf(code), "  kernel                                    grid     block  regs   shared  "
                            "stack  spills   inner loop  blocks  warps  limit\n"
                            "block-n1-56x56-c96-p24-h192-relu-f32-w32, cuda-sm80\n"
                            "  partial                                     98      24x8    72        0      "
                            "0       0  FFMA  78.0%       4  37.5%  registers\n"
                            "  first                                     98x3       128    40    56320      "
                            "0       0 HMMA  20.0%*       2  12.5%  shared\n"
                            "  second                                   7x1x2        32    24        0     "
                            "88     164         none      32  50.0%  blocks\n"
                            "* unrolled, no loop multiplies: the share of the whole function\n");
}

TEST(DeviceReport, DashesForWhatIsNotKnown) {
  const DeviceKernel kernel = blockKernel();
  DeviceCode code = {.kernel = &kernel};
  const std::string withoutCubin = reportOf(code);
  EXPECT_NE(withoutCubin.find(
                "  first                                     98x3       128     -    55296      -       -"
                "            -       -      -  -\n"),
            std::string::npos)
      << withoutCubin;
  code.cubin =
      Cubin{.capability = 80, .functions = {{.function = "partial", .entry = true, .registers = 72}}};
  const std::string withoutListing = reportOf(code);
  EXPECT_NE(withoutListing.find(
                "  partial                                     98      24x8    72        0      0       0"
                "            -       4  37.5%  registers\n"),
            std::string::npos)
      << withoutListing;
}

TEST(DeviceCode, WithoutPtxasThereIsPtxAloneAndOneWarning) {
  const DeviceKernel kernels[] = {blockKernel(), blockKernel()};
  const ScopedVariable variable("FASTERNET_PTXAS", "/no/such/ptxas");
  Diagnostics diagnostics;
  auto code = assembleKernels({&kernels[0], &kernels[1]}, diagnostics);
  ASSERT_TRUE(bool(code)) << llvm::toString(code.takeError());
  ASSERT_EQ(code->size(), 2u);
  EXPECT_EQ((*code)[1].kernel, &kernels[1]);
  EXPECT_FALSE((*code)[0].cubin || (*code)[1].cubin);
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_NE(diagnostics.all()[0].message.find("there is PTX alone"), std::string::npos);
  EXPECT_FALSE(diagnostics.hasErrors());
  // Nothing to list, nothing to say.
  EXPECT_FALSE(bool(listInstructions(*code, diagnostics)));
  EXPECT_EQ(diagnostics.all().size(), 1u);
}

namespace {

/// The block with PTX that has the entries `partial` and `first`.
DeviceKernel assembledKernel() {
  DeviceKernel kernel = blockKernel();
  kernel.launches.pop_back();
  kernel.ptx = ".version 7.0\n.target sm_75\n.address_size 64\n"
               ".visible .entry partial() { ret; }\n.visible .entry first() { ret; }\n";
  return kernel;
}

std::string problem(const DeviceKernel &kernel) {
  Diagnostics diagnostics;
  auto code = assembleKernels(&kernel, diagnostics);
  return code ? "" : llvm::toString(code.takeError());
}

} // namespace

TEST(DeviceCode, EveryLaunchNamesAnEntry) {
  if (!findDeviceTool("ptxas"))
    GTEST_SKIP() << missingDeviceTool("ptxas");
  DeviceKernel kernel = assembledKernel();
  EXPECT_EQ(problem(kernel), "");
  kernel.launches[0].function = "other";
  EXPECT_EQ(problem(kernel),
            "block-n1-56x56-c96-p24-h192-relu-f32-w32 for cuda-sm80: launches 'other', but the "
            "entries of its PTX are: first partial");
  kernel.ptx = "nonsense";
  EXPECT_EQ(
      problem(kernel).find("block-n1-56x56-c96-p24-h192-relu-f32-w32 for cuda-sm80: ptxas made no code"), 0u);
  kernel.target = "x86-64-v3";
  EXPECT_NE(problem(kernel).find("for x86-64-v3: not a target with a compute capability"), std::string::npos);
}

TEST(DeviceCode, WithoutNvdisasmOneWarning) {
  if (!findDeviceTool("ptxas"))
    GTEST_SKIP() << missingDeviceTool("ptxas");
  const DeviceKernel kernels[] = {assembledKernel(), assembledKernel()};
  Diagnostics diagnostics;
  std::vector<DeviceCode> code = llvm::cantFail(assembleKernels({&kernels[0], &kernels[1]}, diagnostics));
  EXPECT_EQ(code[0].cubin->bytes, code[1].cubin->bytes);
  const ScopedVariable variable("FASTERNET_NVDISASM", "/no/such/nvdisasm");
  EXPECT_FALSE(bool(listInstructions(code, diagnostics)));
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_TRUE(code[0].functions.empty());
}
