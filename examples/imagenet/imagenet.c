/* FasterNet-T0 in a host program: one image in, the five largest of its 1000 class scores out. */
#include <stdio.h>

#include "fasternet_t0.h"

static unsigned char memory[FASTERNET_T0_INSTANCE_BYTES];
static float image[FASTERNET_T0_INPUT_ELEMENTS];   /* [1, 3, 224, 224], normalised as in training */
static float scores[FASTERNET_T0_OUTPUT_ELEMENTS]; /* [1, 1000] */

int main(void) {
  fasternet_t0 *model;
  fnet_status status = fasternet_t0_init(memory, sizeof memory, NULL, &model);
  if (status == FNET_OK) {
    for (int i = 0; i < FASTERNET_T0_INPUT_ELEMENTS; ++i) /* your decoded picture goes here */
      image[i] = (float)(i % 224) / 112.0f - 1.0f;
    status = fasternet_t0_run(model, image, scores);
  }
  if (status != FNET_OK) {
    fprintf(stderr, "fasternet_t0: %s\n", fnet_status_text(status));
    return 1;
  }
  for (int rank = 0; rank < 5; ++rank) {
    int best = 0;
    for (int c = 1; c < FASTERNET_T0_OUTPUT_ELEMENTS; ++c)
      if (scores[c] > scores[best])
        best = c;
    printf("class %3d: %.4f\n", best, (double)scores[best]);
    scores[best] = -1e30f;
  }
  fasternet_t0_done(model);
  return 0;
}
