/* Loops of independent multiply-adds in registers, written out as instructions: a compiler can neither fold
 * nor spill them. The units are busy all the time when the chains are at least latency x units: at most 5 x 2
 * = 10 on x86 cores, 4 x 4 = 16 on ARM cores. AVX-512 and NEON have 32 registers and get 28 chains. AVX2 has
 * 16 and gets 14, which is enough; 24 would add loads and stores that share the front end with the
 * multiply-adds. SSE has no fused multiply-add: 7 chains of products and 7 of sums, as many of one as of the
 * other, the way kernels issue them.
 */
#include "fma_peak.h"

#include "fasternet/abi.h"

/* Accumulator x 1 + 1 grows to 2^24 and stays there: finite and normal for any number of rounds. */
static const float one = 1.0f;

#define TIMES_7(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6)
#define TIMES_7_NEXT(X) X(7) X(8) X(9) X(10) X(11) X(12) X(13)
#define TIMES_14(X) TIMES_7(X) TIMES_7_NEXT(X)
#define TIMES_28(X)                                                                                          \
  TIMES_14(X) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27)

#if defined(__x86_64__)

#define CLOBBER_XMM                                                                                          \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
      "xmm13", "xmm14", "xmm15"

#define ZERO_YMM(n) "vxorps %%ymm" #n ", %%ymm" #n ", %%ymm" #n "\n\t"
#define FMA_YMM(n) "vfmadd213ps %%ymm15, %%ymm15, %%ymm" #n "\n\t"

__attribute__((target("avx2,fma"))) static double run_avx2(uint64_t rounds) {
  double operations = (double)rounds * 2 * 14 * 8 * 2;
  __asm__ volatile("vbroadcastss %[one], %%ymm15\n\t" TIMES_14(ZERO_YMM) "1:\n\t" TIMES_14(FMA_YMM)
                       TIMES_14(FMA_YMM) "dec %[rounds]\n\tjnz 1b\n\tvzeroupper\n\t"
                   : [rounds] "+r"(rounds)
                   : [one] "m"(one)
                   : CLOBBER_XMM, "cc");
  return operations;
}

#define ZERO_ZMM(n) "vpxord %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n\t"
#define FMA_ZMM(n) "vfmadd213ps %%zmm31, %%zmm31, %%zmm" #n "\n\t"

__attribute__((target("avx512f"))) static double run_avx512(uint64_t rounds) {
  double operations = (double)rounds * 28 * 16 * 2;
  __asm__ volatile("vbroadcastss %[one], %%zmm31\n\t" TIMES_28(ZERO_ZMM) "1:\n\t" TIMES_28(
                       FMA_ZMM) "dec %[rounds]\n\tjnz 1b\n\tvzeroupper\n\t"
                   : [rounds] "+r"(rounds)
                   : [one] "m"(one)
                   : CLOBBER_XMM, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23",
                     "xmm24", "xmm25", "xmm26", "xmm27", "xmm31", "cc");
  return operations;
}

#define SET_XMM(n) "movaps %%xmm15, %%xmm" #n "\n\t"
#define MULTIPLY_XMM(n) "mulps %%xmm15, %%xmm" #n "\n\t"
#define ADD_XMM(n) "addps %%xmm14, %%xmm" #n "\n\t"

static double run_sse(uint64_t rounds) {
  double operations = (double)rounds * 2 * 14 * 4;
  __asm__ volatile(
      "movss %[one], %%xmm15\n\tshufps $0, %%xmm15, %%xmm15\n\txorps %%xmm14, %%xmm14\n\t" TIMES_14(
          SET_XMM) "1:\n\t" TIMES_7(MULTIPLY_XMM) TIMES_7_NEXT(ADD_XMM) TIMES_7(MULTIPLY_XMM)
          TIMES_7_NEXT(ADD_XMM) "dec %[rounds]\n\tjnz 1b\n\t"
      : [rounds] "+r"(rounds)
      : [one] "m"(one)
      : CLOBBER_XMM, "cc");
  return operations;
}

double fnet_harness_fma(uint64_t features, int element_bits, uint64_t rounds) {
  (void)element_bits;
  if (features & FNET_CPU_X86_64_V4)
    return run_avx512(rounds);
  if (features & FNET_CPU_X86_64_V3)
    return run_avx2(rounds);
  return run_sse(rounds);
}

#elif defined(__aarch64__)

#define CLOBBER_V                                                                                            \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",      \
      "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v31"

#define ZERO_V(n) "movi v" #n ".4s, #0\n\t"
#define FMA_V(n) "fmla v" #n ".4s, v31.4s, v31.4s\n\t"
#define FMA_HALF_V(n) "fmla v" #n ".8h, v31.8h, v31.8h\n\t"

/* Accumulators stay at 2^11. */
static double run_half(uint64_t rounds) {
  double operations = (double)rounds * 28 * 8 * 2;
  const uint16_t half_one = 0x3c00;
  __asm__ volatile(".arch_extension fp16\n\tdup v31.8h, %w[one]\n\t" TIMES_28(ZERO_V) "1:\n\t" TIMES_28(
                       FMA_HALF_V) "subs %[rounds], %[rounds], #1\n\tb.ne 1b\n\t"
                   : [rounds] "+r"(rounds)
                   : [one] "r"((uint32_t)half_one)
                   : CLOBBER_V, "cc");
  return operations;
}

double fnet_harness_fma(uint64_t features, int element_bits, uint64_t rounds) {
  if (element_bits == 16 && (features & FNET_CPU_AARCH64_FP16))
    return run_half(rounds);
  double operations = (double)rounds * 28 * 4 * 2;
  __asm__ volatile("ld1r {v31.4s}, [%[one]]\n\t" TIMES_28(ZERO_V) "1:\n\t" TIMES_28(
                       FMA_V) "subs %[rounds], %[rounds], #1\n\tb.ne 1b\n\t"
                   : [rounds] "+r"(rounds)
                   : [one] "r"(&one)
                   : CLOBBER_V, "cc", "memory");
  return operations;
}

#endif
