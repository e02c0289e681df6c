/* The embedded case that verifying programs run: its inputs, and how far outputs are from what it expects. */
#ifndef FASTERNET_HARNESS_CASE_H
#define FASTERNET_HARNESS_CASE_H

#include "harness.h"

#include <math.h>
#include <string.h>

/* Raw float32: all inputs, all expected outputs, in the model's order. */
extern const float fnet_case_inputs[] __attribute__((visibility("hidden")));
extern const float fnet_case_outputs[] __attribute__((visibility("hidden")));

static void read_case_inputs(session *s) {
  const float *values = fnet_case_inputs;
  for (uint32_t i = 0; i < model->input_count; ++i) {
    memcpy(s->inputs[i], values, (size_t)model->inputs[i].bytes);
    values += value_count(&model->inputs[i]);
  }
}

/* Infinite where the output is not finite; the largest difference itself where the reference is all zero. */
static double max_relative_error(const float *output, const float *reference, size_t count) {
  double difference = 0, largest = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!isfinite(output[i]))
      return INFINITY;
    difference = fmax(difference, fabs((double)output[i] - (double)reference[i]));
    largest = fmax(largest, fabs((double)reference[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

/* `<name> max_relative_error=<r>` for each output, with r = max |out - reference| / max |reference|. */
static void print_errors(void *const *outputs) {
  const float *reference = fnet_case_outputs;
  for (uint32_t i = 0; i < model->output_count; ++i) {
    const fnet_tensor *output = &model->outputs[i];
    printf("%s max_relative_error=%.3e\n", output->name,
           max_relative_error(outputs[i], reference, value_count(output)));
    reference += value_count(output);
  }
}

/* Fills the session's outputs with bytes that no run leaves. */
static void spoil_outputs(session *s) {
  for (uint32_t i = 0; i < model->output_count; ++i)
    memset(s->outputs[i], 0xff, (size_t)model->outputs[i].bytes);
}

/* Copies what the session's outputs hold, and spoils them. */
static void take_outputs(session *s, void **copies) {
  for (uint32_t i = 0; i < model->output_count; ++i)
    memcpy(copies[i], s->outputs[i], (size_t)model->outputs[i].bytes);
  spoil_outputs(s);
}

/* Whether two sets of outputs are the same bits; `<name> differs between <what>` where not. */
static int same_outputs(void *const *left, void *const *right, const char *what) {
  int same = 1;
  for (uint32_t i = 0; i < model->output_count; ++i)
    if (memcmp(left[i], right[i], (size_t)model->outputs[i].bytes) != 0) {
      printf("%s differs between %s\n", model->outputs[i].name, what);
      same = 0;
    }
  return same;
}

#endif
