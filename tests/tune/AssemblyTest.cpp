// Basic blocks and loops out of assembly text, on both comment styles.
#include "tune/Assembly.h"

#include <gtest/gtest.h>

using namespace fasternet;

TEST(Assembly, ReadsLoopsAndSpillsOfX86) {
  const char *text = R"(
	.type	kern,@function
kern:                                   # @kern
# %bb.0:                                # %entry
	movq	16(%rdi), %rax
	.p2align	4
.LBB0_1:                                # %"1_for_out.s0.c.tile"
                                        # =>This Loop Header: Depth=1
                                        #     Child Loop BB0_2 Depth 2
	movq	%rdx, %rdi
	vmovups	%zmm0, (%rsp)                   # 64-byte Spill
.LBB0_2:                                # %"3_for_product.s1.k$x"
                                        #   Parent Loop BB0_1 Depth=1
                                        # =>  This Inner Loop Header: Depth=2
	vfmadd231ps	(%rdi,%r9){1to16}, %zmm7, %zmm1 # zmm1 = (zmm7 * mem) + zmm1
	vmovups	64(%rsp), %zmm2                 # 64-byte Reload
	jne	.LBB0_2
# %bb.3:                                # %"3_consume_product"
                                        #   in Loop: Header=BB0_1 Depth=1
	incq	%rsi
	jne	.LBB0_1
# %bb.4:                                # %destructor_block
	retq
.Lfunc_end0:
                                        # -- End function
)";
  const std::vector<AssemblyBlock> blocks = readAssembly(text);
  ASSERT_EQ(blocks.size(), 5u);
  for (const AssemblyBlock &block : blocks)
    EXPECT_EQ(block.function, "kern");
  EXPECT_EQ(blocks[0].loop, "");
  EXPECT_EQ(blocks[1].label, "BB0_1");
  EXPECT_EQ(blocks[1].loop, "BB0_1");
  EXPECT_EQ(blocks[1].parent, "");
  EXPECT_EQ(blocks[1].name, "1_for_out.s0.c.tile");
  EXPECT_FALSE(blocks[1].innermost);
  EXPECT_EQ(blocks[1].spills, 1u);
  EXPECT_EQ(blocks[2].loop, "BB0_2");
  EXPECT_EQ(blocks[2].parent, "BB0_1");
  EXPECT_TRUE(blocks[2].innermost);
  EXPECT_EQ(blocks[2].spills, 1u);
  ASSERT_EQ(blocks[2].instructions.size(), 3u);
  EXPECT_EQ(blocks[2].instructions[0], "vfmadd231ps\t(%rdi,%r9){1to16}, %zmm7, %zmm1");
  EXPECT_EQ(blocks[3].label, "");
  EXPECT_EQ(blocks[3].loop, "BB0_1");
  EXPECT_EQ(blocks[3].name, "3_consume_product");
  EXPECT_EQ(blocks[4].loop, "");
  EXPECT_EQ(blocks[4].name, "destructor_block");
}

TEST(Assembly, ReadsArm) {
  const char *text = R"(
kern:                                   // @kern
// %bb.0:                               // %entry
	stp	d15, d14, [sp, #48]             // 16-byte Folded Spill
.LBB0_1:                                // %"2_for_sum.s1.k$x"
                                        // =>This Inner Loop Header: Depth=1
	ldr	s1, [x18, #320]
	fmla	v31.4s, v15.4s, v1.s[0]
	b.ne	.LBB0_1
                                        // -- End function
)";
  const std::vector<AssemblyBlock> blocks = readAssembly(text);
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].spills, 1u);
  EXPECT_TRUE(blocks[1].innermost);
  EXPECT_EQ(blocks[1].name, "2_for_sum.s1.k$x");
  ASSERT_EQ(blocks[1].instructions.size(), 3u);
  EXPECT_EQ(blocks[1].instructions[1], "fmla\tv31.4s, v15.4s, v1.s[0]");
}

TEST(Assembly, NothingFromNothing) {
  EXPECT_TRUE(readAssembly("").empty());
  EXPECT_TRUE(readAssembly("not assembly\n\tat all\n").empty());
}
