/* Measured times of one thing and their quantiles. */
#ifndef FASTERNET_HARNESS_SAMPLES_H
#define FASTERNET_HARNESS_SAMPLES_H

#include "harness.h"

/* Room for more is made between measurements. */
typedef struct samples {
  double *values;
  size_t count, room;
} samples;

static void append(samples *s, double value) {
  if (s->count == s->room) {
    s->room = s->room == 0 ? 256 : 2 * s->room;
    s->values = realloc(s->values, s->room * sizeof *s->values);
    require(s->values == NULL ? FNET_ERROR_MEMORY : FNET_OK, "realloc");
  }
  s->values[s->count++] = value;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The value below which `share` of the samples lie, by the nearest rank; sorts them. */
static double quantile(samples *s, double share) {
  qsort(s->values, s->count, sizeof *s->values, compare);
  return s->values[(size_t)(share * (double)(s->count - 1) + 0.5)];
}

#endif
