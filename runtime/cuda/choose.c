/* Which of a library's variants a device runs. */
#include "instance.h"

#include <stdio.h>
#include <string.h>

/* The variants, "cuda-sm90, cuda-sm80", cut to fit. */
static void list_variants(const fnet_cuda_model *model, char *text, size_t bytes) {
  text[0] = '\0';
  for (uint32_t i = 0; i < model->variant_count; ++i) {
    const size_t used = strlen(text);
    (void)snprintf(text + used, bytes - used, "%s%s", i == 0 ? "" : ", ", model->variants[i].name);
  }
}

fnet_status fnet_internal_cuda_choose(fnet_cuda_instance *instance) {
  const fnet_cuda_model *model = instance->model;
  const char *wanted = instance->options.variant;
  /* Highest capability first: the first that fits is the best. */
  for (uint32_t i = 0; i < model->variant_count; ++i) {
    const fnet_cuda_variant *variant = &model->variants[i];
    if (variant->capability <= instance->capability &&
        (wanted == NULL || strcmp(wanted, variant->name) == 0)) {
      instance->variant = variant;
      return FNET_OK;
    }
  }
  char variants[256];
  list_variants(model, variants, sizeof variants);
  const unsigned major = instance->capability / 10, minor = instance->capability % 10;
  fnet_internal_cuda_say(
      &instance->options, "device %llu has compute capability %u.%u; the library has %s%s%s%s",
      (unsigned long long)instance->options.device, major, minor, variants, wanted == NULL ? "" : ", and ",
      wanted == NULL ? "" : wanted, wanted == NULL ? "" : " was asked for");
  return FNET_ERROR_DEVICE;
}
