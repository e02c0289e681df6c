/* Runs a model on embedded inputs and compares with embedded outputs. Prints `variant <name>`, then for each
 * output
 * `<name> max_relative_error=<r>` with r = max |out - reference| / max |reference|. Runs twice: the same
 * input must give the same bits, also where memory is not fresh. Exit 1 where the library fails; the bound is
 * the caller's.
 */
#include "harness.h"

#include <math.h>
#include <string.h>

/* Raw float32: all inputs, all expected outputs, in the model's order. */
extern const float fnet_case_inputs[] __attribute__((visibility("hidden")));
extern const float fnet_case_outputs[] __attribute__((visibility("hidden")));

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

int main(void) {
  session s;
  prepare(&s);
  start(&s);
  printf("variant %s\n", fnet_instance_variant(s.instance));
  const float *values = fnet_case_inputs;
  for (uint32_t i = 0; i < model->input_count; ++i) {
    memcpy(s.inputs[i], values, (size_t)model->inputs[i].bytes);
    values += value_count(&model->inputs[i]);
  }
  void **first = allocate_tensors(model->outputs, model->output_count);
  run(&s);
  for (uint32_t i = 0; i < model->output_count; ++i) {
    memcpy(first[i], s.outputs[i], (size_t)model->outputs[i].bytes);
    memset(s.outputs[i], 0xff, (size_t)model->outputs[i].bytes);
  }
  run(&s);
  const float *reference = fnet_case_outputs;
  int differs = 0;
  for (uint32_t i = 0; i < model->output_count; ++i) {
    const fnet_tensor *output = &model->outputs[i];
    printf("%s max_relative_error=%.3e\n", output->name,
           max_relative_error(s.outputs[i], reference, value_count(output)));
    if (memcmp(first[i], s.outputs[i], (size_t)output->bytes) != 0) {
      printf("%s differs between two runs on the same input\n", output->name);
      differs = 1;
    }
    reference += value_count(output);
    free(first[i]);
  }
  free(first);
  finish(&s);
  return differs;
}
