/* The data of a tuned kernel: its tensors' values, and whether an output is right. On the host's memory, also
 * where a GPU computes.
 */
#ifndef FASTERNET_HARNESS_TUNE_CASE_H
#define FASTERNET_HARNESS_TUNE_CASE_H

#include "element.h"
#include "tune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number of both element types that no kernel makes. */
static const float canary = -54272.0f;

static void *allocate_aligned(size_t bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, 128, bytes == 0 ? 128 : bytes) != 0) {
    printf("no memory for %zu bytes\n", bytes);
    exit(1);
  }
  return memory;
}

/* Value `index` of argument `argument`, in (-scale, scale): the tuner computes the same
 * (tune/KernelCase.cpp). */
static float made(uint32_t argument, uint64_t index, float scale) {
  uint64_t state = (index + 1) * 0x9e3779b97f4a7c15u + argument * 0xbf58476d1ce4e5b9u;
  state = (state ^ (state >> 31)) * 0x94d049bb133111ebu;
  return ((float)(int32_t)(state >> 40) - 8388607.5f) * 0x1p-23f * scale;
}

static int in_border(const kernel_dimension *dim, int64_t position) {
  return dim->min < 0 && (position < -dim->min || position >= dim->extent + dim->min);
}

/* Calls visit for every element of an argument, innermost dimension first; offset is from its first byte. */
static void for_each_element(const kernel_argument *a,
                             void (*visit)(void *, int64_t offset, const int64_t *position), void *self) {
  int64_t position[most_dimensions] = {0};
  for (;;) {
    int64_t offset = a->offset;
    for (int d = 0; d < a->dimensions; ++d)
      offset += position[d] * a->dim[d].stride;
    visit(self, offset, position);
    int d = 0;
    while (d < a->dimensions && ++position[d] == a->dim[d].extent)
      position[d++] = 0;
    if (d == a->dimensions)
      return;
  }
}

typedef struct filling {
  uint32_t argument;
  void *values;
} filling;

static void fill_element(void *self, int64_t offset, const int64_t *position) {
  const filling *f = self;
  const kernel_argument *a = &batch.arguments[f->argument];
  int zero = 0;
  for (int d = 0; d < a->dimensions; ++d)
    zero |= in_border(&a->dim[d], position[d]);
  if (a->role == role_weight)
    zero |=
        position[0] + (a->dimensions > 1 ? position[a->dimensions - 1] * a->dim[0].extent : 0) >= a->outputs;
  store_element(f->values, offset, a->bits, zero ? 0.0f : made(f->argument, (uint64_t)offset, a->scale));
}

static size_t tensor_bytes(const kernel_argument *a) {
  return (size_t)a->elements * (size_t)a->bits / 8;
}

static void fill_output(const kernel_argument *a, void *values) {
  for (int64_t i = 0; i < a->elements; ++i)
    store_element(values, i, a->bits, canary);
}

/* Any tensor: an output with the canary in all of it, inputs and weights as made. */
static void fill_tensor(uint32_t argument, void *values) {
  const kernel_argument *a = &batch.arguments[argument];
  fill_output(a, values);
  if (a->role != role_output)
    for_each_element(a, fill_element, &(filling){argument, values});
}

typedef struct comparison {
  const float *expected;
  const void *found;
  int bits;
  unsigned char *interior;
  double largest, worst;
} comparison;

static void compare_element(void *self, int64_t offset, const int64_t *position) {
  (void)position;
  comparison *c = self;
  double expected = *c->expected++, error = fabs(load_element(c->found, offset, c->bits) - expected);
  c->interior[offset] = 1;
  if (fabs(expected) > c->largest)
    c->largest = fabs(expected);
  if (!(error <= c->worst)) /* also where it is not a number */
    c->worst = error;
}

/* Prints the verdict on what the candidate left in the output's tensor: whether it may be timed. */
static int is_right(uint32_t candidate, const void *values) {
  const kernel_argument *output = &batch.arguments[batch.argument_count - 1];
  comparison c = {.expected = batch.expected, .found = values, .bits = output->bits};
  c.interior = allocate_aligned((size_t)output->elements);
  memset(c.interior, 0, (size_t)output->elements);
  for_each_element(output, compare_element, &c);
  int inside = 1;
  for (int64_t i = 0; i < output->elements && inside; ++i)
    inside = c.interior[i] || load_element(values, i, c.bits) == canary;
  free(c.interior);
  if (!inside) {
    printf("check %u written-outside\n", candidate);
    return 0;
  }
  const double error = c.worst / c.largest;
  const int right = error <= batch.bound;
  printf("check %u %s %.3e\n", candidate, right ? "ok" : "wrong", error);
  return right;
}

#endif
