/* Two models in one program: each gives what it gives alone; the general description agrees with the named
 * functions. */
#include <stdio.h>
#include <string.h>

#include "tiny_gelu.h"
#include "tiny_relu.h"

static unsigned char first_memory[TINY_GELU_INSTANCE_BYTES], second_memory[TINY_RELU_INSTANCE_BYTES];
static float input[TINY_GELU_INPUT_ELEMENTS];

int main(void) {
  tiny_gelu *first;
  void *second;
  float named[TINY_GELU_OUTPUT_ELEMENTS], again[TINY_GELU_OUTPUT_ELEMENTS], other[TINY_RELU_OUTPUT_ELEMENTS];
  for (size_t i = 0; i < TINY_GELU_INPUT_ELEMENTS; ++i)
    input[i] = (float)(i % 7) - 3.0f;
  const fnet_model *model = &tiny_relu_model;
  if (model->inputs[0].bytes != sizeof input || model->outputs[0].bytes != sizeof other)
    return 2;
  if (tiny_gelu_init(first_memory, sizeof first_memory, NULL, &first) != FNET_OK ||
      model->init(second_memory, sizeof second_memory, NULL, &second) != FNET_OK)
    return 3;
  const void *inputs[] = {input};
  void *outputs[] = {other};
  if (tiny_gelu_run(first, input, named) != FNET_OK || model->run(second, inputs, outputs) != FNET_OK ||
      tiny_gelu_run(first, input, again) != FNET_OK)
    return 4;
  model->done(second);
  tiny_gelu_done(first);
  puts(memcmp(named, again, sizeof named) == 0 && memcmp(named, other, sizeof named) != 0 ? "independent"
                                                                                          : "mixed up");
  return 0;
}
