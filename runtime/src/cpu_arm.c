/* CPU features of AArch64: NEON is always there, half-precision arithmetic by what the operating system
 * reports. */
#include "fasternet/abi.h"

#if defined(__aarch64__)

#if defined(__linux__)

#include <sys/auxv.h>

uint64_t fnet_internal_cpu_features(void) {
  /* HWCAP_FPHP and HWCAP_ASIMDHP of the kernel's interface: scalar and vector half precision. */
  const unsigned long half = 1ul << 9 | 1ul << 10;
  return FNET_CPU_AARCH64 | ((getauxval(AT_HWCAP) & half) == half ? FNET_CPU_AARCH64_FP16 : 0);
}

#else

uint64_t fnet_internal_cpu_features(void) {
  return FNET_CPU_AARCH64;
}

#endif
#endif
