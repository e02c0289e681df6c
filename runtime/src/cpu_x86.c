/* CPU features of x86-64: the psABI levels and the extensions that targets name, each only where the
   operating system saves the registers that it needs. */
#include "fasternet/abi.h"

#if defined(__x86_64__)

#include <cpuid.h>

enum { eax, ebx, ecx, edx };

/* All of `bits` are set in a register of a CPUID leaf. */
static int has(const unsigned registers[4], int which, unsigned bits) {
  return (registers[which] & bits) == bits;
}

/* XCR0: which register files the operating system saves. */
static uint64_t saved_state(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

/* A virtual machine leaves to its host for each CPUID, some 4 us: no leaf is read twice. */
static void read_leaf(unsigned leaf, unsigned subleaf, unsigned registers[4]) {
  __cpuid_count(leaf, subleaf, registers[eax], registers[ebx], registers[ecx], registers[edx]);
}

static uint64_t vendor(const unsigned base[4]) {
  if (base[ebx] == signature_AMD_ebx && base[ecx] == signature_AMD_ecx && base[edx] == signature_AMD_edx)
    return FNET_CPU_VENDOR_AMD;
  if (base[ebx] == signature_INTEL_ebx && base[ecx] == signature_INTEL_ecx &&
      base[edx] == signature_INTEL_edx)
    return FNET_CPU_VENDOR_INTEL;
  return 0;
}

uint64_t fnet_internal_cpu_features(void) {
  unsigned base[4], basic[4], extended[4], leaf7[4] = {0}, leaf7_1[4] = {0};
  read_leaf(0, 0, base);
  read_leaf(1, 0, basic);
  read_leaf(0x80000001u, 0, extended); /* x86-64 itself is announced there */
  if (base[eax] >= 7)
    read_leaf(7, 0, leaf7);
  if (leaf7[eax] >= 1)
    read_leaf(7, 1, leaf7_1);
  uint64_t features = vendor(base);

  const unsigned v2_basic = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT;
  if (!has(basic, ecx, v2_basic) || !has(extended, ecx, bit_LAHF_LM))
    return features;
  features |= FNET_CPU_X86_64_V2;

  const uint64_t ymm_state = 0x6, zmm_state = 0xe6, tile_state = 0x60000;
  if (!has(basic, ecx, bit_OSXSAVE))
    return features;
  uint64_t saved = saved_state();
  const unsigned v3_basic = bit_AVX | bit_F16C | bit_FMA | bit_MOVBE;
  if ((saved & ymm_state) != ymm_state || !has(basic, ecx, v3_basic) || !has(extended, ecx, bit_LZCNT) ||
      !has(leaf7, ebx, bit_BMI | bit_AVX2 | bit_BMI2))
    return features;
  features |= FNET_CPU_X86_64_V3;
  if (has(leaf7_1, eax, 1u << 4))
    features |= FNET_CPU_AVX_VNNI;

  const unsigned v4_leaf7 = bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  if ((saved & zmm_state) != zmm_state || !has(leaf7, ebx, v4_leaf7))
    return features;
  features |= FNET_CPU_X86_64_V4;
  if (has(leaf7, ecx, bit_AVX512VNNI))
    features |= FNET_CPU_AVX512_VNNI;
  if (has(leaf7_1, eax, 1u << 5))
    features |= FNET_CPU_AVX512_BF16;
  /* AMX-BF16, AMX-TILE, AMX-INT8. Linux wants the process to ask for the tile registers as well. */
  if ((saved & tile_state) == tile_state && has(leaf7, edx, 1u << 22 | 1u << 24 | 1u << 25))
    features |= FNET_CPU_AMX;
  return features;
}

#endif
