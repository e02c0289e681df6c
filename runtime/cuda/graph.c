/* Launches as one graph: captured once for a set of addresses, then a single call to the driver. */
#include "instance.h"

#include <string.h>

/* Records the launches on the instance's own stream, in the mode that minds nothing that other threads do. A
 * capture that began is ended in any case, so that the stream stays usable. */
static fnet_status capture(fnet_cuda_instance *instance, const CUdeviceptr *tensors, CUgraph *captured) {
  fnet_status status =
      FNET_CUDA_CALL(instance, cuStreamBeginCapture, instance->stream, CU_STREAM_CAPTURE_MODE_RELAXED);
  if (status != FNET_OK)
    return status;
  status = fnet_internal_cuda_launch(instance, tensors, instance->stream, /*wait_for_steps=*/0);
  if (status == FNET_OK)
    return FNET_CUDA_CALL(instance, cuStreamEndCapture, instance->stream, captured);
  (void)instance->driver.cuStreamEndCapture(instance->stream, captured);
  return status;
}

/* A graph that exists is updated, not replaced: launches of it that are still queued keep what they had. */
static fnet_status make_executable(fnet_cuda_instance *instance, fnet_cuda_graph *graph, CUgraph captured) {
  CUgraphNode node;
  int outcome;
  if (graph->executable != NULL)
    return FNET_CUDA_CALL(instance, cuGraphExecUpdate, graph->executable, captured, &node, &outcome);
  return FNET_CUDA_CALL(instance, cuGraphInstantiateWithFlags, &graph->executable, captured, 0);
}

fnet_status fnet_internal_cuda_prepare_graph(fnet_cuda_instance *instance, fnet_cuda_graph *graph,
                                             const CUdeviceptr *tensors) {
  if (graph->executable != NULL && memcmp(graph->tensors, tensors, sizeof graph->tensors) == 0)
    return FNET_OK;
  /* Of no address, until all went well. */
  memset(graph->tensors, 0, sizeof graph->tensors);
  CUgraph captured = NULL;
  fnet_status status = capture(instance, tensors, &captured);
  if (status == FNET_OK)
    status = make_executable(instance, graph, captured);
  if (captured != NULL && status == FNET_OK)
    status = FNET_CUDA_CALL(instance, cuGraphDestroy, captured);
  else if (captured != NULL)
    (void)instance->driver.cuGraphDestroy(captured);
  if (status == FNET_OK)
    memcpy(graph->tensors, tensors, sizeof graph->tensors);
  return status;
}
