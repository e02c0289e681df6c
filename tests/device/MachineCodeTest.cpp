// From PTX over machine code to the share of multiplications, through the real ptxas and nvdisasm.
#include "device/Disassembly.h"
#include "device/InstructionMix.h"
#include "device/PtxAssembler.h"
#include "support/Files.h"

#include "llvm/ADT/StringMap.h"

#include <gtest/gtest.h>

using namespace fasternet;

/// The functions of a file of tests/data/ptx by their names.
static llvm::StringMap<FunctionMix> mixesOf(const std::string &name, int64_t capability) {
  const std::string ptx =
      llvm::cantFail(mapFile(FASTERNET_TEST_DATA "/ptx/" + name + ".ptx"))->getBuffer().str();
  const Cubin cubin = llvm::cantFail(assemblePtx(ptx, capability));
  llvm::StringMap<FunctionMix> mixes;
  for (const MachineFunction &function : llvm::cantFail(disassemble(cubin.bytes)))
    mixes[function.name] = countInstructions(function);
  return mixes;
}

TEST(MachineCode, NestedLoops) {
  for (int64_t capability : {75, 80, 86, 89, 90}) {
    const llvm::StringMap<FunctionMix> mixes = mixesOf("nested_loops", capability);
    ASSERT_EQ(mixes.size(), 1u);
    const FunctionMix mix = mixes.lookup("nested_loops");
    EXPECT_EQ(mix.mix.count("FFMA"), 5u);
    ASSERT_EQ(mix.loops.size(), 2u);
    const FunctionMix::Loop &row = mix.loops[0], &column = mix.loops[1];
    EXPECT_FALSE(row.innermost);
    EXPECT_EQ(row.mix.count("FFMA"), 5u);
    EXPECT_TRUE(column.innermost);
    EXPECT_EQ(column.mix.count("FFMA"), 4u);
    EXPECT_EQ(column.mix.count("LDG"), 2u);
    const ProductShare share = productShare(mix).value();
    EXPECT_FALSE(share.wholeFunction);
    EXPECT_EQ(share.loop, column.label);
    EXPECT_DOUBLE_EQ(share.share, 4.0 / double(column.mix.instructions));
  }
}

TEST(MachineCode, UnrolledAndNone) {
  const llvm::StringMap<FunctionMix> mixes = mixesOf("unrolled", 80);
  ASSERT_EQ(mixes.size(), 2u);
  const FunctionMix unrolled = mixes.lookup("unrolled");
  EXPECT_TRUE(unrolled.loops.empty());
  const ProductShare share = productShare(unrolled).value();
  EXPECT_TRUE(share.wholeFunction);
  EXPECT_DOUBLE_EQ(share.share, 4.0 / double(unrolled.mix.instructions));
  EXPECT_FALSE(productShare(mixes.lookup("copy")));
}

TEST(MachineCode, TensorCores) {
  for (int64_t capability : {80, 90}) {
    const FunctionMix mix = mixesOf("tensor_core", capability).lookup("tensor_product");
    const ProductShare share = productShare(mix).value();
    EXPECT_EQ(share.opcode, "HMMA");
    EXPECT_FALSE(share.wholeFunction);
    EXPECT_EQ(mix.mix.count("HMMA"), 1u);
  }
}

TEST(MachineCode, SharedMemoryAndSpills) {
  const InstructionMix shared = mixesOf("shared_memory", 80).lookup("rotate").mix;
  EXPECT_EQ(shared.count("STS"), 1u);
  EXPECT_EQ(shared.count("LDS"), 1u);
  EXPECT_EQ(shared.count("BAR"), 1u);
  const InstructionMix spills = mixesOf("spills", 80).lookup("crowded").mix;
  EXPECT_GE(spills.count("STL"), 16u);
  EXPECT_GE(spills.count("LDL"), 16u);
}

TEST(MachineCode, RefusesWhatIsNoCubin) {
  auto functions = disassemble("no cubin");
  ASSERT_FALSE(bool(functions));
  const std::string message = llvm::toString(functions.takeError());
  EXPECT_EQ(message.find("nvdisasm cannot read the cubin: "), 0u) << message;
}
