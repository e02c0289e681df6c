/* What the program runs on, and how much memory it has taken. */
#ifndef FASTERNET_HARNESS_MACHINE_H
#define FASTERNET_HARNESS_MACHINE_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#if defined(__x86_64__)

#include <cpuid.h>

/* `cpu <brand string> (family F, model M)`: hypervisors shorten the brand; the numbers say which CPU it is.
 */
static inline void print_cpu(void) {
  unsigned leaf[4] = {0}, brand[12] = {0};
  char name[sizeof brand + 1] = {0};
  if (__get_cpuid(0x80000004u, &leaf[0], &leaf[1], &leaf[2], &leaf[3]))
    for (unsigned i = 0; i < 3; ++i)
      __get_cpuid(0x80000002u + i, &brand[4 * i], &brand[4 * i + 1], &brand[4 * i + 2], &brand[4 * i + 3]);
  memcpy(name, brand, sizeof brand);
  __get_cpuid(1, &leaf[0], &leaf[1], &leaf[2], &leaf[3]);
  unsigned family = leaf[0] >> 8 & 0xf, number = leaf[0] >> 4 & 0xf;
  if (family == 0x6 || family == 0xf)
    number += (leaf[0] >> 16 & 0xf) << 4;
  if (family == 0xf)
    family += leaf[0] >> 20 & 0xff;
  const char *begin = name + strspn(name, " ");
  size_t length = strlen(begin);
  while (length > 0 && begin[length - 1] == ' ')
    --length;
  printf("cpu %.*s (family %u, model %u)\n", (int)length, begin, family, number);
}

#else

/* `cpu midr <hexadecimal>`, the main identification register of an ARM core, or `cpu unknown`. */
static inline void print_cpu(void) {
  uint64_t midr = 0;
  FILE *file = fopen("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "r");
  if (file != NULL) {
    if (fscanf(file, "%" SCNx64, &midr) != 1)
      midr = 0;
    fclose(file);
  }
  if (midr != 0)
    printf("cpu midr 0x%" PRIx64 "\n", midr);
  else
    printf("cpu unknown\n");
}

#endif

/* Bytes of the largest resident set so far. Linux's ru_maxrss counts the process that started this one as
   well (it outlives exec), so the high-water mark of this address space comes first. */
static uint64_t peak_memory_bytes(void) {
  uint64_t kib = 0;
  char line[128];
  FILE *file = fopen("/proc/self/status", "r");
  if (file != NULL) {
    while (kib == 0 && fgets(line, sizeof line, file) != NULL)
      if (sscanf(line, "VmHWM: %" SCNu64, &kib) != 1)
        kib = 0;
    fclose(file);
  }
  struct rusage usage;
  if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
    kib = (uint64_t)usage.ru_maxrss;
  return kib * 1024;
}

#endif
