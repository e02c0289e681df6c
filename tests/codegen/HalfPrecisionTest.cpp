// Kernels of half precision: which instructions they are made of, and which targets have them.
#include "ObjectListing.h"
#include "codegen/Codegen.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

const char *const kinds[] = {
    "patch_conv-n1-13x14-c3-o36-k4-s4-nchw-f16-w16", "patch_conv-n1-28x28-c40-o80-k2-s2-nhwc-f16-w16",
    "block-n1-14x14-c160-p40-h320-relu-f16-w16",     "block-n1-5x6-c36-p9-h72-gelu-f16-w16",
    "head-n1-3x3-c36-f30-o10-gelu-f16-w16",          "affine-n1-3x5-c36-f16-w16"};

llvm::Expected<CompiledKernel> compile(const char *spec, const char *target) {
  return compileKernel(llvm::cantFail(KernelSpec::parse(spec)), *findTarget(target), "kernel");
}

ObjectListing listingOf(const char *spec, const char *features = "+fullfp16") {
  return llvm::cantFail(listObject(llvm::cantFail(compile(spec, "aarch64-fp16")).object, features));
}

size_t count(const ObjectListing &listing, llvm::StringRef mnemonic, llvm::StringRef operand = "") {
  return size_t(llvm::count_if(listing.instructions, [&](llvm::StringRef instruction) {
    return instruction.starts_with(mnemonic) && instruction.contains(operand);
  }));
}

TEST(HalfPrecision, ObjectsAreClosedAndKeepToTheirInstructionSet) {
  const std::set<std::string> allowed = {"halide_malloc", "halide_free", "halide_do_par_for", "memcpy",
                                         "memset"};
  for (const char *spec : kinds) {
    SCOPED_TRACE(spec);
    const ObjectListing listing = listingOf(spec);
    for (const std::string &name : listing.undefined)
      EXPECT_TRUE(allowed.count(name)) << name;
    EXPECT_FALSE(listing.mnemonics.count("(undecoded)"));
  }
}

TEST(HalfPrecision, ProductsMultiplyByElement) {
  for (const char *spec : {kinds[1], kinds[2]}) {
    SCOPED_TRACE(spec);
    const ObjectListing listing = listingOf(spec);
    EXPECT_GT(count(listing, "fmla", ".8h"), 100u);
    // Of them those that take a pixel's value by element: all but what loops of rests may need.
    EXPECT_GT(count(listing, "fmla", ".h["), 100u);
    EXPECT_EQ(count(listing, "fmla", ".4s"), 0u);
  }
}

TEST(HalfPrecision, NothingIsConvertedInProducts) {
  // Sums, activation and shortcut stay in half precision: no conversion anywhere in a kernel of short sums.
  for (const char *spec : {kinds[1], kinds[2]})
    EXPECT_EQ(count(listingOf(spec), "fcvt"), 0u) << spec;
  // Of long ones each chunk is widened once, outside its loop: two conversions for an accumulator that has
  // taken at least eight products in each iteration.
  const ObjectListing cut = listingOf("block-n1-7x7-c320-p80-h640-relu-f16-w16");
  EXPECT_LT(3 * count(cut, "fcvt"), count(cut, "fmla"));
  // An image is rounded once as it is staged, not once per window and channel.
  EXPECT_LT(count(listingOf(kinds[0]), "fcvt"), 12u);
}

TEST(HalfPrecision, OtherTargetsHaveNoSchedules) {
  for (const Target &target : allTargets()) {
    if (target.hasHalfPrecision())
      continue;
    for (const char *spec : kinds) {
      auto kernel = compile(spec, target.name.data());
      ASSERT_FALSE(bool(kernel)) << spec << " for " << target.name.str();
      EXPECT_NE(llvm::toString(kernel.takeError()).find("no schedule for target"), std::string::npos);
    }
  }
}

TEST(HalfPrecision, Float32KernelsDoNotNeedIt) {
  const ObjectListing listing = listingOf("block-n1-5x6-c36-p9-h72-gelu-f32-w32", "");
  EXPECT_FALSE(listing.mnemonics.count("(undecoded)"));
  EXPECT_GT(count(listing, "fmla", ".4s"), 0u);
}

TEST(HalfPrecision, MixedTypesHaveNoSchedules) {
  auto kernel = compile("block-n1-5x6-c36-p9-h72-gelu-f32-w16", "aarch64-fp16");
  ASSERT_FALSE(bool(kernel));
  llvm::consumeError(kernel.takeError());
}

} // namespace
