/* Device code of the peaks, as PTX, which the driver compiles: as in the libraries, no toolkit is needed.
 * Each text has one entry, `peak`, that takes the address of a word and a number of rounds; what it computes
 * goes there only if it is what it never is, so that no compiler can leave it out.
 */
#ifndef FASTERNET_HARNESS_GPU_PTX_H
#define FASTERNET_HARNESS_GPU_PTX_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Multiply-adds of a thread in a round, and chains that do not wait for each other: a scheduler has 16 for
   each of its warps, and four or fewer cycles of latency to hide. */
enum { fma_chains = 16, fma_unrolled = 4, fma_per_round = fma_chains * fma_unrolled };
/* Tiles of a warp that wait for nothing, and products of matrices in a round. */
enum { mma_tiles = 8, mma_unrolled = 4, mma_per_round = mma_tiles * mma_unrolled };
/* Reads of 16 bytes of a thread in a round. */
enum { reads_per_round = 8 };

typedef struct ptx_text {
  char text[16384]; /* the longest has 8000 */
  size_t length;
} ptx_text;

static void add_ptx(ptx_text *ptx, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int added = vsnprintf(ptx->text + ptx->length, sizeof ptx->text - ptx->length, format, arguments);
  va_end(arguments);
  ptx->length += added > 0 ? (size_t)added : 0;
}

static void begin_peak(ptx_text *ptx, const char *version, const char *target, const char *registers) {
  ptx->length = 0;
  add_ptx(ptx, ".version %s\n.target %s\n.address_size 64\n", version, target);
  add_ptx(ptx, ".visible .entry peak(.param .u64 memory, .param .u32 rounds)\n{\n");
  add_ptx(ptx, ".reg .pred %%p;\n.reg .b32 %%rounds, %%sum, %%id;\n.reg .b64 %%memory;\n%s", registers);
  add_ptx(ptx, "ld.param.u64 %%memory, [memory];\nld.param.u32 %%rounds, [rounds];\n");
  add_ptx(ptx, "mov.u32 %%id, %%tid.x;\n");
}

/* Ends the loop, and with %sum the kernel: no word of what is summed up is all ones. */
static void end_loop(ptx_text *ptx) {
  add_ptx(ptx, "sub.u32 %%rounds, %%rounds, 1;\nsetp.ne.u32 %%p, %%rounds, 0;\n@%%p bra ROUND;\n");
  add_ptx(ptx, "mov.u32 %%sum, 0;\n");
}

static void end_peak(ptx_text *ptx) {
  add_ptx(ptx, "setp.eq.u32 %%p, %%sum, 0xffffffff;\n@%%p st.global.u32 [%%memory], %%sum;\nret;\n}\n");
}

/* Chains begin with other numbers each, or a compiler would make them one; x / 2 + 1 / 2 goes to 1. */
static void write_fma_peak(ptx_text *ptx) {
  begin_peak(ptx, "6.4", "sm_75", ".reg .f32 %half, %x<16>;\n.reg .b32 %bits;\n");
  add_ptx(ptx, "mov.f32 %%half, 0f3f000000;\n");
  for (int chain = 0; chain < fma_chains; ++chain)
    add_ptx(ptx, "add.u32 %%bits, %%id, %d;\ncvt.rn.f32.u32 %%x%d, %%bits;\n", 1000 * chain, chain);
  add_ptx(ptx, "ROUND:\n");
  for (int i = 0; i < fma_per_round; ++i)
    add_ptx(ptx, "fma.rn.f32 %%x%d, %%x%d, %%half, %%half;\n", i % fma_chains, i % fma_chains);
  end_loop(ptx);
  for (int chain = 0; chain < fma_chains; ++chain)
    add_ptx(ptx, "mov.b32 %%bits, %%x%d;\nxor.b32 %%sum, %%sum, %%bits;\n", chain);
  end_peak(ptx);
}

/* Products of 16 x k by k x 8 tiles of the warp, in float32 sums: tf32 with k = 8, f16 with 16, or before
   capability 8.0 with 8. Returns the multiply-adds of one. */
static int write_mma_peak(ptx_text *ptx, int is_tf32, int capability) {
  const int is_old = capability < 80, depth = is_tf32 || is_old ? 8 : 16;
  const char *type = is_tf32 ? "tf32" : "f16";
  begin_peak(ptx, is_old ? "6.5" : "7.0", is_old ? "sm_75" : "sm_80",
             ".reg .f32 %x<32>;\n.reg .b32 %a, %bits;\n");
  add_ptx(ptx, "mov.u32 %%a, 0x%x;\n", is_tf32 ? 0x3f800000u : 0x3c003c00u); /* ones */
  for (int i = 0; i < 4 * mma_tiles; ++i)
    add_ptx(ptx, "add.u32 %%bits, %%id, %d;\ncvt.rn.f32.u32 %%x%d, %%bits;\n", 1000 * i, i);
  add_ptx(ptx, "ROUND:\n");
  for (int i = 0; i < mma_per_round; ++i) {
    const int x = 4 * (i % mma_tiles);
    add_ptx(ptx, "mma.sync.aligned.m16n8k%d.row.col.f32.%s.%s.f32 {%%x%d, %%x%d, %%x%d, %%x%d}, ", depth,
            type, type, x, x + 1, x + 2, x + 3);
    add_ptx(ptx, "%s", is_old ? "{%a, %a}, {%a}, " : "{%a, %a, %a, %a}, {%a, %a}, ");
    add_ptx(ptx, "{%%x%d, %%x%d, %%x%d, %%x%d};\n", x, x + 1, x + 2, x + 3);
  }
  end_loop(ptx);
  for (int i = 0; i < 4 * mma_tiles; ++i)
    add_ptx(ptx, "mov.b32 %%bits, %%x%d;\nxor.b32 %%sum, %%sum, %%bits;\n", i);
  end_peak(ptx);
  return 16 * 8 * depth;
}

/* All threads together read upwards, 16 bytes each, and so on behind what all have read. The memory holds
   zeros. */
static void write_reading_peak(ptx_text *ptx) {
  begin_peak(ptx, "6.4", "sm_75",
             ".reg .b32 %v<32>, %block, %blocks, %threads, %all;\n.reg .b64 %at, %step;\n");
  add_ptx(ptx, "mov.u32 %%block, %%ctaid.x;\nmov.u32 %%blocks, %%nctaid.x;\nmov.u32 %%threads, %%ntid.x;\n");
  add_ptx(ptx, "mad.lo.u32 %%id, %%block, %%threads, %%id;\nmul.lo.u32 %%all, %%blocks, %%threads;\n");
  add_ptx(ptx, "mad.wide.u32 %%at, %%id, 16, %%memory;\nmul.wide.u32 %%step, %%all, 16;\n");
  add_ptx(ptx, "mov.u32 %%block, 0;\nROUND:\n"); /* from here on %block is the sum of what was read */
  for (int i = 0; i < reads_per_round; ++i)
    add_ptx(ptx, "ld.global.v4.u32 {%%v%d, %%v%d, %%v%d, %%v%d}, [%%at];\nadd.u64 %%at, %%at, %%step;\n",
            4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3);
  for (int i = 0; i < 4 * reads_per_round; ++i)
    add_ptx(ptx, "xor.b32 %%block, %%block, %%v%d;\n", i);
  end_loop(ptx);
  add_ptx(ptx, "xor.b32 %%sum, %%sum, %%block;\n");
  end_peak(ptx);
}

#endif
