// How a register tile's weights come: neighbours in a panel by one instruction where the machine has it.
#include "ObjectListing.h"
#include "codegen/Codegen.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

/// Loads of two vector registers by one instruction, in a merging with that tile.
size_t pairsWith(const char *tile) {
  const KernelSpec spec =
      llvm::cantFail(KernelSpec::parse("patch_conv-n1-28x28-c80-o160-k2-s2-nhwc-f32-w32"));
  const std::string schedule = std::string("fetch=4,unroll=1,tile=") + tile;
  const CompiledKernel kernel =
      llvm::cantFail(compileKernel(spec, *findTarget("aarch64"), "kernel", schedule));
  const ObjectListing listing = llvm::cantFail(listObject(kernel.object));
  return size_t(llvm::count_if(
      listing.instructions, [](llvm::StringRef instruction) { return instruction.starts_with("ldp\tq"); }));
}

TEST(WeightLoads, TwoVectorsOfATileComeByOneInstruction) {
  // Four steps of a reduction: one pair for each, or two. Other pairs are the bias and what a frame keeps.
  EXPECT_GE(pairsWith("2x7x1"), 4u);
  EXPECT_GE(pairsWith("4x4x1"), 8u);
}

} // namespace
