// Loops of device code and the share of multiplications in them, on short texts in nvdisasm's form.
#include "device/InstructionMix.h"

#include "llvm/ADT/SmallVector.h"

#include <gtest/gtest.h>

using namespace fasternet;

/// The one function of a text whose lines are labels ("a:") and instructions.
static FunctionMix mixOf(llvm::StringRef body) {
  std::string text = "\t.section\t.text.f,\"ax\",@progbits\nf:\n";
  llvm::SmallVector<llvm::StringRef> lines;
  body.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines)
    text += line.ends_with(":") ? line.str() + "\n" : ("        /*0000*/   " + line + " ;\n").str();
  const std::vector<MachineFunction> functions = readDisassembly(text);
  EXPECT_EQ(functions.size(), 1u);
  return countInstructions(functions.at(0));
}

TEST(InstructionMix, InnermostLoopOfTwo) {
  const FunctionMix mix = mixOf(R"(S2R R0, SR_TID.X
.L_x_1:
LDS R2, [R0]
.L_x_0:
FFMA R4, R2, R3, R4
FFMA.FTZ R5, R2, R3, R5
IADD3 R0, R0, 1, RZ
@P0 BRA `(.L_x_0)
FFMA R6, R5, R4, R6
@P1 BRA `(.L_x_1)
EXIT
.L_x_2:
BRA `(.L_x_2)
NOP
)");
  // Neither the endless loop behind the code nor the padding runs.
  EXPECT_EQ(mix.mix.instructions, 9u);
  EXPECT_EQ(mix.mix.count("FFMA"), 3u);
  EXPECT_EQ(mix.mix.count("NOP"), 0u);
  ASSERT_EQ(mix.loops.size(), 2u);
  EXPECT_EQ(mix.loops[0].label, ".L_x_1");
  EXPECT_FALSE(mix.loops[0].innermost);
  EXPECT_EQ(mix.loops[0].mix.instructions, 7u);
  EXPECT_EQ(mix.loops[1].label, ".L_x_0");
  EXPECT_TRUE(mix.loops[1].innermost);
  EXPECT_EQ(mix.loops[1].mix.instructions, 4u);
  const ProductShare share = productShare(mix).value();
  EXPECT_EQ(share.opcode, "FFMA");
  EXPECT_EQ(share.loop, ".L_x_0");
  EXPECT_DOUBLE_EQ(share.share, 0.5);
  EXPECT_DOUBLE_EQ(share.shareOfLoops, 0.5);
  EXPECT_FALSE(share.wholeFunction);
}

TEST(InstructionMix, TheLoopWithTheLeastShareOfProducts) {
  const ProductShare share = productShare(mixOf(R"(.L_a:
FFMA R4, R2, R3, R4
FFMA R5, R2, R3, R5
FFMA R6, R2, R3, R6
LDS R2, [R0]
@P0 BRA `(.L_a)
.L_b:
FFMA R4, R2, R3, R4
@P0 BRA `(.L_b)
.L_c:
FFMA R4, R2, R3, R4
FFMA R5, R2, R3, R5
@P0 BRA `(.L_c)
.L_d:
STS [R0], R2
@P0 BRA `(.L_d)
EXIT
)"))
                                 .value();
  EXPECT_EQ(share.loop, ".L_b");
  EXPECT_DOUBLE_EQ(share.share, 1.0 / 2);
  EXPECT_DOUBLE_EQ(share.shareOfLoops, 6.0 / 10); // the loop that only stores does not count
}

TEST(InstructionMix, UnrolledProductsHaveNoLoop) {
  const ProductShare share = productShare(mixOf(R"(.L_a:
STS [R0], R2
@P0 BRA `(.L_a)
FFMA R4, R2, R3, R4
EXIT
)"))
                                 .value();
  EXPECT_TRUE(share.wholeFunction);
  EXPECT_EQ(share.loop, "");
  EXPECT_DOUBLE_EQ(share.share, 0.25);
  EXPECT_DOUBLE_EQ(share.shareOfLoops, 0.25);
  EXPECT_FALSE(productShare(mixOf("IMAD R0, R1, R2, R3\nEXIT\n")));
}

TEST(InstructionMix, TensorCoresBeforeFfma) {
  const FunctionMix mix = mixOf(R"(HFMA2.MMA R10, -RZ, RZ, 0, 0
.L_a:
LDSM.16.M88.4 R8, [R2]
HMMA.16816.F32 R4, R8, R12, R4
@P0 BRA `(.L_a)
FFMA R4, R2, R3, R4
FFMA R4, R2, R3, R4
EXIT
)");
  const ProductShare share = productShare(mix).value();
  EXPECT_EQ(share.opcode, "HMMA");
  EXPECT_DOUBLE_EQ(share.share, 1.0 / 3);
  // A move by that name multiplies nothing.
  EXPECT_EQ(mix.mix.count("HMMA"), 1u);
  EXPECT_FALSE(productShare(mixOf("HFMA2.MMA R10, -RZ, RZ, 0, 0\nEXIT\n")));
}

TEST(InstructionMix, ALoopMayBeEnteredInItsMiddle) {
  // The header is the condition, which stands behind the body; the branch back goes to the body.
  const FunctionMix mix = mixOf(R"(BRA `(.L_test)
.L_body:
FFMA R4, R2, R3, R4
.L_test:
ISETP.NE.AND P0, PT, R0, RZ, PT
@P0 BRA `(.L_body)
EXIT
)");
  ASSERT_EQ(mix.loops.size(), 1u);
  EXPECT_EQ(mix.loops[0].label, ".L_test");
  EXPECT_EQ(mix.loops[0].mix.instructions, 3u);
}

TEST(InstructionMix, ABranchBackToCodeOutOfLineIsNoLoop) {
  const FunctionMix mix = mixOf(R"(@P0 BRA `(.L_rare)
.L_join:
FFMA R4, R2, R3, R4
EXIT
.L_rare:
MOV R2, RZ
BRA `(.L_join)
)");
  EXPECT_TRUE(mix.loops.empty());
  EXPECT_EQ(mix.mix.instructions, 5u);
}

TEST(InstructionMix, JumpsThroughTablesCallsAndSecondPredicates) {
  const FunctionMix mix = mixOf(R"(.L_top:
BRXU UR4 -0xb0 (*"BRANCH_TARGETS .L_a,.L_b"*)
.L_a:
CALL.REL.NOINC `($f$twice)
@P1 EXIT
.L_b:
BRA P2, `(.L_top)
EXIT
$f$twice:
FADD R6, R5, R5
RET.REL.NODEC R4 `(f)
NOP
)");
  EXPECT_EQ(mix.mix.instructions, 7u);
  EXPECT_EQ(mix.mix.count("FADD"), 1u);
  ASSERT_EQ(mix.loops.size(), 1u);
  EXPECT_EQ(mix.loops[0].label, ".L_top");
  // What is called is left by RET, so that it belongs to no loop; the way around it does.
  EXPECT_EQ(mix.loops[0].mix.count("FADD"), 0u);
  EXPECT_EQ(mix.loops[0].mix.instructions, 4u);
}

TEST(InstructionMix, AJumpWithoutItsTableMayGoAnywhere) {
  const FunctionMix mix =
      mixOf("BRX R2 -0x40\n.L_a:\nFFMA R4, R2, R3, R4\nEXIT\n.L_b:\nFADD R4, R4, R4\nEXIT\n");
  EXPECT_EQ(mix.mix.count("FFMA"), 1u);
  EXPECT_EQ(mix.mix.count("FADD"), 1u);
}

TEST(InstructionMix, NothingOfNothing) {
  const FunctionMix mix = countInstructions({.name = "empty"});
  EXPECT_EQ(mix.mix.instructions, 0u);
  EXPECT_EQ(mix.mix.share("FFMA"), 0.0);
  EXPECT_FALSE(productShare(mix));
}
