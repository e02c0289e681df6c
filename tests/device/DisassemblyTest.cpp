// nvdisasm's text as functions, labels and instructions, on recorded texts.
#include "device/Disassembly.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(Disassembly, FunctionsLabelsAndInstructions) {
  const char *text = R"(	.target	sm_80

//--------------------- .text.sum                 --------------------------
	.section	.text.sum,"ax",@progbits
	.sectioninfo	@"SHI_REGISTERS=20"
	.align	128
        .global         sum
        .size           sum,(.L_x_4 - sum)
sum:
.text.sum:
        /*0000*/                   IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28] ;
.L_x_1:
        /*0010*/              @!P0 LDG.E.128 R4, [R4.64+0x8] ;
        /*0020*/               @P1 BRA `(.L_x_1) ;
        /*0030*/                   EXIT ;
        /*0040*/                   NOP;
.L_x_4:


//--------------------- .text.other               --------------------------
	.section	.text.other,"ax",@progbits
other:
        /*0000*/                   EXIT ;


//--------------------- .nv.constant0.other       --------------------------
	.section	.nv.constant0.other,"a",@progbits
        /*0000*/ 	.byte	0x00
)";
  const std::vector<MachineFunction> functions = readDisassembly(text);
  ASSERT_EQ(functions.size(), 2u);
  const MachineFunction &sum = functions[0];
  EXPECT_EQ(sum.name, "sum");
  ASSERT_EQ(sum.instructions.size(), 5u);
  EXPECT_EQ(sum.instructions[1].opcode, "LDG.E.128");
  EXPECT_EQ(sum.instructions[1].base(), "LDG");
  EXPECT_EQ(sum.instructions[1].operands, "R4, [R4.64+0x8]");
  EXPECT_TRUE(sum.instructions[1].predicated);
  EXPECT_FALSE(sum.instructions[0].predicated);
  EXPECT_EQ(sum.instructions[2].operands, "`(.L_x_1)");
  EXPECT_EQ(sum.instructions[4].opcode, "NOP");
  EXPECT_EQ(sum.labels.at(".L_x_1"), 1u);
  EXPECT_EQ(sum.labels.at(".L_x_4"), 5u);
  EXPECT_EQ(functions[1].name, "other");
  EXPECT_EQ(functions[1].instructions.size(), 1u);
}

TEST(Disassembly, NothingFromNothing) {
  EXPECT_TRUE(readDisassembly("").empty());
  EXPECT_TRUE(readDisassembly("not\n/*0000*/ code\nat all:\n").empty());
}
