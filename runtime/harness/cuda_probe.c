/* What GPU this machine has: prints `device <name>`, then `capability <such as 80>`; where there is none, or
 * no driver, why, with exit status 1.
 */
#include "gpu.h"

int main(void) {
  gpu g;
  find_gpu(&g);
  printf("device %s\ncapability %d\n", g.name, g.capability);
  fnet_internal_cuda_close(&g.driver);
  return 0;
}
