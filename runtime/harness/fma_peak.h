/* The machine's multiply-add rate, measured: what a share of the peak is a share of. */
#ifndef FASTERNET_HARNESS_FMA_PEAK_H
#define FASTERNET_HARNESS_FMA_PEAK_H

#include <stdint.h>

/* Runs the widest multiply-add of an instruction set for `rounds` rounds on the calling thread. `features`
   are a variant's FNET_CPU_* bits, which must hold on this CPU. Returns the floating point operations done.
 */
double fnet_harness_fma(uint64_t features, uint64_t rounds);

#endif
