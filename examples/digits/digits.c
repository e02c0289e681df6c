/* Classifies images of handwritten digits with a model compiled by fasternetc.
 * Usage: digits IMAGE.png ...      (any size that fits 32 x 32 pixels, light strokes on dark ground) */
#include <math.h>
#include <stdio.h>

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>

#include "digits.h"

enum { SIDE = 32, CLASSES = DIGITS_OUTPUT_ELEMENTS };

static unsigned char memory[DIGITS_INSTANCE_BYTES];

/* Centres the picture on a dark ground and normalises it as in training: (v / 255 - 0.1307) / 0.3081. */
static int read_image(const char *path, float input[SIDE * SIDE]) {
  int width, height, channels;
  unsigned char *pixels = stbi_load(path, &width, &height, &channels, 1);
  if (!pixels) {
    fprintf(stderr, "%s: %s\n", path, stbi_failure_reason());
    return 0;
  }
  if (width > SIDE || height > SIDE) {
    fprintf(stderr, "%s: found %d x %d pixels, at most %d x %d are allowed\n", path, width, height, SIDE,
            SIDE);
    stbi_image_free(pixels);
    return 0;
  }
  const int left = (SIDE - width) / 2, top = (SIDE - height) / 2;
  for (int y = 0; y < SIDE; ++y)
    for (int x = 0; x < SIDE; ++x) {
      const int inside = x >= left && x < left + width && y >= top && y < top + height;
      const float value = inside ? (float)pixels[(y - top) * width + x - left] / 255.0f : 0.0f;
      input[y * SIDE + x] = (value - 0.1307f) / 0.3081f;
    }
  stbi_image_free(pixels);
  return 1;
}

int main(int argc, char **argv) {
  digits *model;
  const fnet_status status = digits_init(memory, sizeof memory, NULL, &model);
  if (status != FNET_OK) {
    fprintf(stderr, "digits: %s\n", fnet_status_text(status));
    return 1;
  }
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    float input[SIDE * SIDE], output[CLASSES], sum = 0;
    if (!read_image(argv[i], input) || digits_run(model, input, output) != FNET_OK) {
      ++failures;
      continue;
    }
    int best = 0;
    for (int c = 1; c < CLASSES; ++c)
      if (output[c] > output[best])
        best = c;
    for (int c = 0; c < CLASSES; ++c)
      sum += expf(output[c] - output[best]);
    printf("%s: %d (%.0f %%)\n", argv[i], best, 100.0 / (double)sum);
  }
  digits_done(model);
  return failures != 0;
}
