/* One element of a tensor: float32 or IEEE half precision, by its bits. Half precision is the compiler's own
 * type of AArch64, the one architecture with kernels of it. */
#ifndef FASTERNET_HARNESS_ELEMENT_H
#define FASTERNET_HARNESS_ELEMENT_H

#include <stdint.h>

#if defined(__aarch64__)
typedef __fp16 half_float;
#else
typedef float half_float; /* not used: tensors of 16 bits are made for AArch64 alone */
#endif

static float load_element(const void *tensor, int64_t index, int bits) {
  return bits == 16 ? (float)((const half_float *)tensor)[index] : ((const float *)tensor)[index];
}

/* To half precision the value is rounded, to nearest even. */
static void store_element(void *tensor, int64_t index, int bits, float value) {
  if (bits == 16)
    ((half_float *)tensor)[index] = (half_float)value;
  else
    ((float *)tensor)[index] = value;
}

#endif
