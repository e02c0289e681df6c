/* The border of zeros around an image whose memory held something else. */
#include "fasternet/abi.h"

#include <string.h>

void fnet_internal_clear_border(void *tensor, uint64_t images, uint64_t height, uint64_t width,
                                uint64_t pixel_bytes) {
  const size_t pixel = (size_t)pixel_bytes, row = (size_t)(width + 2) * pixel;
  unsigned char *at = tensor;
  for (uint64_t image = 0; image < images; ++image) {
    /* The last pixel of a row and the first of the next lie side by side. */
    memset(at, 0, row + pixel);
    for (uint64_t y = 1; y < height; ++y)
      memset(at + (size_t)(y + 1) * row - pixel, 0, 2 * pixel);
    at += (size_t)(height + 1) * row;
    memset(at - pixel, 0, pixel + row);
    at += row;
  }
}
