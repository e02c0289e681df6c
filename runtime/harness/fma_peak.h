/* The machine's multiply-add rate, measured: what a share of the peak is a share of. */
#ifndef FASTERNET_HARNESS_FMA_PEAK_H
#define FASTERNET_HARNESS_FMA_PEAK_H

#include <stdint.h>

/* Runs the widest multiply-add of an instruction set for `rounds` rounds on the calling thread. `features`
   are a variant's FNET_CPU_* bits, which must hold on this CPU; `element_bits` is 32, or 16 for the half
   precision of FNET_CPU_AARCH64_FP16. Returns the floating point operations done. */
double fnet_harness_fma(uint64_t features, int element_bits, uint64_t rounds);

#endif
