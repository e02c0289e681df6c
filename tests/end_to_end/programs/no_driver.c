/* Begins to use a model for GPUs and prints what came of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tiny_gelu_cuda.h"

int main(void) {
  char message[256] = "";
  fnet_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.message = message;
  options.message_bytes = sizeof message;
  void *memory = malloc(TINY_GELU_CUDA_INSTANCE_BYTES);
  tiny_gelu_cuda *model;
  fnet_status status = tiny_gelu_cuda_init(memory, TINY_GELU_CUDA_INSTANCE_BYTES, &options, &model);
  printf("%s %s\n", status == FNET_OK ? "FNET_OK" : fnet_status_text(status), message);
  tiny_gelu_cuda_done(model);
  free(memory);
  return 0;
}
