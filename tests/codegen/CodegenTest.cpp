// Code generation as its callers see it: repeatable bytes, closed objects, named errors.
#include "codegen/Codegen.h"
#include "ObjectListing.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

using namespace fasternet;

namespace {

const char *const blockText = "block-n1-5x6-c36-p9-h72-gelu-f32-w32";
const char *const kinds[] = {"patch_conv-n1-13x14-c3-o36-k4-s4-nchw-f32-w32", blockText,
                             "head-n1-3x3-c36-f30-o10-gelu-f32-w32", "affine-n1-3x5-c36-f32-w32"};
const char *const targets[] = {"x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64"};

llvm::Expected<CompiledKernel> compile(const char *spec, const char *target, const char *overrides = "") {
  return compileKernel(llvm::cantFail(KernelSpec::parse(spec)), *findTarget(target), "kernel", overrides);
}

/// The object, or the error's text, which no object equals.
std::string bytes(const char *spec, const char *target) {
  auto kernel = compile(spec, target);
  return kernel ? kernel->object : llvm::toString(kernel.takeError());
}

TEST(Codegen, SameBytesWhateverWasCompiledBefore) {
  const std::string first = bytes(blockText, "x86-64-v3");
  ASSERT_TRUE(llvm::StringRef(first).starts_with("\177ELF")) << first;
  EXPECT_EQ(bytes(blockText, "x86-64-v3") == first, true);
  for (const char *spec : kinds)
    ASSERT_TRUE(llvm::StringRef(bytes(spec, "x86-64-v2")).starts_with("\177ELF"));
  EXPECT_EQ(bytes(blockText, "x86-64-v3") == first, true);
}

TEST(Codegen, SameBytesFromSeveralThreads) {
  std::array<std::string, 4> alone, together;
  for (size_t i = 0; i < alone.size(); ++i)
    alone[i] = bytes(kinds[i], "x86-64-v3");
  std::array<std::thread, 4> threads;
  for (size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&, i] { together[i] = bytes(kinds[i], "x86-64-v3"); });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t i = 0; i < alone.size(); ++i)
    EXPECT_EQ(alone[i] == together[i], true) << kinds[i];
}

TEST(Codegen, SchedulesThatDoNotFitAreErrors) {
  for (const char *overrides : {"vector=3",
                                "vector=0",
                                "vector=16",
                                "pixels=0",
                                "pixels=7",
                                "rows=6",
                                "rows=0",
                                "share=2",
                                "share=1",
                                "unroll=0",
                                "unroll=17",
                                "pad=8",
                                "winograd=3",
                                "winograd=1,pixels=4,partial=1x2x1",
                                "winograd=1,partial=1x4x1",
                                "winograd=2,partial=1x4x1",
                                "winograd=2,rows=4,partial=1x2x2",
                                "first=11x1x1",
                                "first=0x1x1",
                                "second=1x7x1",
                                "partial=1x1x2",
                                "second=1x1x0",
                                "colour=3",
                                "vector=x",
                                "vector=-8",
                                "first=1x1",
                                "=",
                                "vector",
                                "vector=99999999999999999999"}) {
    SCOPED_TRACE(overrides);
    auto kernel = compile(blockText, "x86-64-v3", overrides);
    if (kernel) {
      ADD_FAILURE() << "accepted as " << kernel->schedule;
      continue;
    }
    const std::string message = llvm::toString(kernel.takeError());
    EXPECT_NE(message.find(blockText), std::string::npos) << message;
    EXPECT_NE(message.find("x86-64-v3"), std::string::npos) << message;
  }
}

TEST(Codegen, PaddedPixelsTakeTheirRoom) {
  auto scratch = [](llvm::StringRef overrides) {
    const CompiledKernel kernel = llvm::cantFail(
        compileKernel(llvm::cantFail(KernelSpec::parse("block-n1-8x8-c32-p8-h64-relu-f32-w32")),
                      *findTarget("x86-64-v3"), "kernel", overrides));
    return kernel.callerScratchBytes + kernel.workerScratchBytes;
  };
  // One strip of 8 pixels, 16 floats more for each. Squares would take more room, which the strip uses again.
  EXPECT_EQ(scratch("winograd=0,rows=1,pixels=8,pad=16") - scratch("winograd=0,rows=1,pixels=8,pad=0"),
            8 * 16 * 4);
}

TEST(Codegen, SaysWhereTheScheduleCameFrom) {
  auto standard = compile(blockText, "x86-64-v3"), given = compile(blockText, "x86-64-v3", "vector=4");
  ASSERT_TRUE(standard && given);
  EXPECT_TRUE(llvm::StringRef(standard->schedule).ends_with(" (default)")) << standard->schedule;
  EXPECT_TRUE(llvm::StringRef(given->schedule).starts_with("vector=4,")) << given->schedule;
  EXPECT_TRUE(llvm::StringRef(given->schedule).ends_with(" (given)")) << given->schedule;
}

TEST(Codegen, TensorsThatHalideCannotIndexAreErrors) {
  auto kernel = compile("affine-n1-40000x40000-c36-f32-w32", "x86-64-v3");
  ASSERT_FALSE(bool(kernel));
  EXPECT_NE(llvm::toString(kernel.takeError()).find("affine-n1-40000x40000-c36-f32-w32"), std::string::npos);
}

/// Instructions of AVX-512 that not every machine of the level has, and those of XOP, FMA4 and TBM.
bool isBeyondLevel4(llvm::StringRef mnemonic) {
  for (llvm::StringRef start :
       {"vdpbf16", "vcvtne",      "vpdpb",       "vpdpw",     "vpermb",    "vpermi2b", "vpermt2b", "vpmadd52",
        "vpopcnt", "vpcompressb", "vpcompressw", "vpexpandb", "vpexpandw", "vpshld",   "vpshrd",   "vgf2p8",
        "vaes",    "vpclmul",     "vpcmov",      "vpperm",    "vprot",     "vfrcz",    "tzmsk",    "blci",
        "blcf",    "blsfill",     "t1mskc",      "prefetchw", "clzero"})
    if (mnemonic.starts_with(start))
      return true;
  return mnemonic.starts_with("vfmadd") && !mnemonic.contains("132") && !mnemonic.contains("213") &&
         !mnemonic.contains("231");
}

TEST(Codegen, ObjectsAreClosedAndKeepToTheirInstructionSet) {
  const std::set<std::string> allowed = {"halide_malloc", "halide_free", "halide_do_par_for", "memcpy",
                                         "memset"};
  for (const char *target : targets)
    for (const char *spec : kinds) {
      SCOPED_TRACE(testing::Message() << spec << " for " << target);
      auto kernel = compile(spec, target);
      ASSERT_TRUE(bool(kernel)) << llvm::toString(kernel.takeError());
      auto listing = listObject(kernel->object);
      ASSERT_TRUE(bool(listing)) << llvm::toString(listing.takeError());
      for (const std::string &name : listing->undefined)
        EXPECT_TRUE(allowed.count(name)) << name;
      EXPECT_TRUE(listing->mnemonics.count(findTarget(target)->isa == Isa::NEON ? "ret" : "retq"));
      EXPECT_FALSE(listing->mnemonics.count("(undecoded)"));
      for (const std::string &mnemonic : listing->mnemonics) {
        EXPECT_FALSE(findTarget(target)->isa == Isa::SSE4 && mnemonic[0] == 'v') << mnemonic;
        EXPECT_FALSE(isBeyondLevel4(mnemonic)) << mnemonic;
      }
    }
}

} // namespace
