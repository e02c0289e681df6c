/* CPU features of a machine that no target is for: none, so that init says so. */
#include "fasternet/abi.h"

#if !defined(__x86_64__) && !defined(__aarch64__)

uint64_t fnet_internal_cpu_features(void) {
  return 0;
}

#endif
