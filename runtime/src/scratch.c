/* Scratch memory of kernels: a bump allocation per worker. */
#include "instance.h"

static const uint32_t freed = 0x80000000u;

void fnet_internal_reset(fnet_context *context) {
  context->top = 0;
  context->block_count = 0;
}

void *fnet_internal_malloc(void *opaque, size_t bytes) {
  fnet_context *context = opaque;
  size_t available = context->limit - context->top;
  if (context->block_count == FNET_WORKER_BLOCKS || bytes > available * FNET_ALIGNMENT)
    return NULL;
  uint32_t position = context->top;
  context->blocks[context->block_count++] = position;
  /* At least one position: blocks are told apart by where they start. */
  context->top += bytes == 0 ? available > 0 : (uint32_t)((bytes + FNET_ALIGNMENT - 1) / FNET_ALIGNMENT);
  return context->base + (size_t)position * FNET_ALIGNMENT;
}

/* Kernels free a buffer after its last use, which need not be in the order of allocation: a block below
   others is marked, and given back with them. */
void fnet_internal_free(void *opaque, void *pointer) {
  fnet_context *context = opaque;
  if (pointer == NULL)
    return;
  uint32_t position = (uint32_t)((size_t)((unsigned char *)pointer - context->base) / FNET_ALIGNMENT);
  for (uint32_t i = context->block_count; i-- > 0;)
    if (context->blocks[i] == position) {
      context->blocks[i] |= freed;
      break;
    }
  while (context->block_count > 0 && (context->blocks[context->block_count - 1] & freed)) {
    --context->block_count;
    context->top = context->blocks[context->block_count] & ~freed;
  }
}
