// How often instructions run, against counts by hand.
#include "device/PtxTrace.h"
#include "support/Files.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

DeviceLaunch launchOf(const char *function, uint32_t threads, std::vector<LaunchArgument> arguments) {
  return {
      .function = function, .grid = {4, 1, 1}, .threads = {threads, 1, 1}, .arguments = std::move(arguments)};
}

LaunchArgument buffer(int32_t index) {
  return {.buffer = index};
}

LaunchArgument number(uint64_t value) {
  return {.scalarBytes = 4, .scalar = value};
}

std::string entry(const std::string &body) {
  return ".version 7.0\n.target sm_80\n.address_size 64\n.visible .entry f(\n\t.param .u64 f_param_0,\n"
         "\t.param .u64 f_param_1\n)\n{\n\t.reg .b32 %r<9>;\n" +
         body + "}\n";
}

llvm::Expected<LaunchTrace> traceOf(const std::string &body, uint32_t threads = 32) {
  return traceLaunch(entry(body), launchOf("f", threads, {buffer(0), buffer(1)}));
}

std::string problem(const std::string &body) {
  auto trace = traceOf(body);
  return trace ? "" : llvm::toString(trace.takeError());
}

TEST(PtxTrace, LoopsRunAsOftenAsTheirBoundsSay) {
  const std::string ptx =
      llvm::cantFail(mapFile(FASTERNET_TEST_DATA "/ptx/nested_loops.ptx"))->getBuffer().str();
  // Three rows of two columns of four products, and one product a row. Straight code: seven instructions that
  // are no moves before the loops (three of them additions of addresses ... see the file), nine in a column,
  // three a row.
  auto trace =
      traceLaunch(ptx, launchOf("nested_loops", 32, {buffer(0), buffer(1), buffer(2), number(3), number(8)}));
  ASSERT_TRUE(bool(trace)) << llvm::toString(trace.takeError());
  EXPECT_EQ(trace->fmas, 3 * (2 * 4 + 1));
  EXPECT_EQ(trace->globalLoads.instructions, 1 + 3 * 2 * 2);
  EXPECT_EQ(trace->globalLoads.bytes, 4 + 3 * 2 * 2 * 16);
  EXPECT_EQ(trace->globalStores.instructions, 1);
  // Each column waits once for its two loads, and the code before the loops for its one.
  EXPECT_EQ(trace->globalWaits, 1 + 3 * 2);
  // Before the loops: mul, two adds, a load. A column: 2 loads, 4 products, 2 adds, sub, setp, bra. A row:
  // product, sub, setp, bra. At the end: store, ret. Moves do not count.
  EXPECT_EQ(trace->instructions, 4 + 3 * (2 * 11 + 4) + 2);
  EXPECT_EQ(trace->besides, 4 + 2);
  // Neighbours read 16 bytes four bytes apart: 31 * 4 + 16 = 140 bytes, five sectors, two passes; all read
  // the same 16 bytes of the other operand: one. The first and the last access take 128 bytes: one.
  EXPECT_EQ(trace->globalLoads.passes, 1 + 3 * 2 * (2 + 1));
  EXPECT_EQ(trace->globalStores.passes, 1);
}

TEST(PtxTrace, WarpsCountByTheirFirstThread) {
  // Threads below 32 multiply: one of two warps.
  auto trace = traceOf("mov.u32 %r1, %tid.x;\nsetp.lt.u32 %p1, %r1, 32;\n@!%p1 bra $done;\n"
                       "fma.rn.f32 %r2, %r2, %r2, %r2;\n$done:\nbar.sync 0;\nret;\n",
                       64);
  ASSERT_TRUE(bool(trace)) << llvm::toString(trace.takeError());
  EXPECT_EQ(trace->fmas, 0.5);
  EXPECT_EQ(trace->barriers, 1);
  EXPECT_EQ(trace->instructions, 4.5);
}

TEST(PtxTrace, IntegersAreComputedAsTheGpuDoes) {
  // 23 / 10 by a product with a rounded-up reciprocal, 23 % 10 = 3, and signs: a loop of that many steps.
  auto trace =
      traceOf("mov.b32 %r1, 23;\nmul.wide.u32 %rd1, %r1, -858993459;\nshr.u64 %rd2, %rd1, 35;\n"
              "cvt.u32.u64 %r2, %rd2;\nmad.lo.s32 %r3, %r2, -10, %r1;\n"
              "sub.s32 %r4, %r2, %r3;\nshr.s32 %r5, %r4, 31;\nsub.s32 %r3, %r3, %r5;\n"
              "mov.b64 %rd3, {%r3, %r1};\nmov.b64 {%r6, %r7}, %rd3;\nmin.s32 %r6, %r6, %r7;\n"
              "max.s32 %r6, %r6, -7;\nselp.b32 %r6, %r6, 1, %p2;\n"
              "$loop:\nfma.rn.f32 %f1, %f1, %f1, %f1;\nadd.s32 %r3, %r3, -1;\nsetp.gt.s32 %p1, %r3, 0;\n"
              "@%p1 bra $loop;\nret;\n");
  ASSERT_TRUE(bool(trace)) << llvm::toString(trace.takeError());
  EXPECT_EQ(trace->fmas, 4); // 3 - (2 - 3 >> 31)
}

TEST(PtxTrace, BanksOfSharedMemoryAreReadInTurns) {
  const char *place = "mov.u32 %r1, %tid.x;\nmul.wide.u32 %rd1, %r1, ";
  auto passes = [&](const char *stride, const char *load) {
    return llvm::cantFail(traceOf(place + std::string(stride) + ";\n" + load + ", [%rd1+8];\nret;\n"))
        .sharedLoads.passes;
  };
  EXPECT_EQ(passes("4", "ld.shared.b32 %r2"), 1);
  EXPECT_EQ(passes("8", "ld.shared.b32 %r2"), 2);
  EXPECT_EQ(passes("128", "ld.shared.b32 %r2"), 32);
  EXPECT_EQ(passes("132", "ld.shared.b32 %r2"), 1);
  EXPECT_EQ(passes("0", "ld.shared.v4.b32 {%r2, %r3, %r4, %r5}"), 1);
  EXPECT_EQ(passes("16", "ld.shared.v4.b32 {%r2, %r3, %r4, %r5}"), 4);
}

TEST(PtxTrace, MatrixProductsAreCounted) {
  auto trace =
      traceOf("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f1, %f2, %f3, %f4}, {%r1, %r2, %r3, %r4}, "
              "{%r5, %r6}, {%f1, %f2, %f3, %f4};\nret;\n");
  ASSERT_TRUE(bool(trace)) << llvm::toString(trace.takeError());
  EXPECT_EQ(trace->matrixProducts, 1);
  EXPECT_EQ(trace->fmas, 0);
}

TEST(PtxTrace, SaysWhatItCannotFollow) {
  EXPECT_NE(problem("ld.global.b32 %r1, [%rd1];\nsetp.eq.b32 %p1, %r1, 0;\n@%p1 bra $end;\n$end:\nret;\n")
                .find("instruction 2 branches on a value that is not known"),
            std::string::npos);
  EXPECT_NE(problem("bra.uni $nowhere;\nret;\n").find("branches to '$nowhere'"), std::string::npos);
  EXPECT_NE(problem("add.s32 %r1, %r1, 1\n").find("is no instruction"), std::string::npos);
  auto other = traceLaunch(entry("ret;\n"), launchOf("g", 32, {}));
  EXPECT_NE(llvm::toString(other.takeError()).find("no entry 'g'"), std::string::npos);
  auto open = traceLaunch(".visible .entry f(\n)\n{\nret;\n", launchOf("f", 32, {}));
  EXPECT_NE(llvm::toString(open.takeError()).find("has no end"), std::string::npos);
}

TEST(PtxTrace, AnEndlessLoopEnds) {
  EXPECT_NE(problem("$loop:\nadd.s32 %r1, %r1, 1;\nbra.uni $loop;\n").find("no end after"),
            std::string::npos);
}

} // namespace
