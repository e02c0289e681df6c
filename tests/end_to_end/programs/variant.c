/* Prints the status of init and, when it is ok, the variant chosen for this CPU and a checksum of the output.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tiny_gelu.h"

static unsigned char memory[TINY_GELU_INSTANCE_BYTES];
static float input[TINY_GELU_INPUT_ELEMENTS], output[TINY_GELU_OUTPUT_ELEMENTS];

int main(void) {
  tiny_gelu *model;
  const fnet_status status = tiny_gelu_init(memory, sizeof memory, NULL, &model);
  printf("%s\n", fnet_status_text(status));
  if (status != FNET_OK)
    return 1;
  for (size_t i = 0; i < TINY_GELU_INPUT_ELEMENTS; ++i)
    input[i] = (float)(i * 2654435761u % 1000) / 500.0f - 1.0f;
  if (tiny_gelu_run(model, input, output) != FNET_OK)
    return 2;
  printf("%s\n", fnet_instance_variant(model));
  for (size_t i = 0; i < TINY_GELU_OUTPUT_ELEMENTS; ++i)
    printf("%.6e\n", (double)output[i]);
  return 0;
}
