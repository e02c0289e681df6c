/* What every harness program does when something fails: it says so on stdout and ends. */
#ifndef FASTERNET_HARNESS_CHECK_H
#define FASTERNET_HARNESS_CHECK_H

#include "fasternet/model.h"

#include <stdio.h>
#include <stdlib.h>

/* The library's own words for its failure; empty: the status says all. */
static char reason[512];

/* Prints what failed and ends the program. */
static void require(fnet_status status, const char *call) {
  if (status == FNET_OK)
    return;
  printf("%s: %s\n", call, reason[0] == '\0' ? fnet_status_text(status) : reason);
  exit(1);
}

static inline void *allocate(size_t bytes) {
  void *memory = malloc(bytes == 0 ? 1 : bytes);
  require(memory == NULL ? FNET_ERROR_MEMORY : FNET_OK, "malloc");
  return memory;
}

#endif
