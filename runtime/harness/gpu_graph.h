/* Calls queued once into a graph and then launched in one piece, many times: what the host needs to queue a
 * short kernel is longer than the kernel, and no part of its time. Nor is what it needs to queue the piece:
 * the device is busy with an untimed launch until the timed one has been queued behind it.
 */
#ifndef FASTERNET_HARNESS_GPU_GRAPH_H
#define FASTERNET_HARNESS_GPU_GRAPH_H

#include "gpu.h"

/* Queues call number `call` of something on the program's stream. */
typedef void (*queue_call)(void *self, uint64_t call);

static CUgraphExec capture_calls(gpu *g, queue_call queue, void *self, uint64_t calls) {
  CUgraph captured = NULL;
  CUgraphExec graph = NULL;
  GPU_CALL(g, driver, cuStreamBeginCapture, g->stream, CU_STREAM_CAPTURE_MODE_RELAXED);
  for (uint64_t call = 0; call < calls; ++call)
    queue(self, call);
  GPU_CALL(g, driver, cuStreamEndCapture, g->stream, &captured);
  GPU_CALL(g, driver, cuGraphInstantiateWithFlags, &graph, captured, 0);
  GPU_CALL(g, driver, cuGraphDestroy, captured);
  return graph;
}

/* A window of the graph. The untimed launch also sends it to the device, loads code and fills caches. */
static double graph_seconds(gpu *g, CUgraphExec graph) {
  GPU_CALL(g, driver, cuGraphLaunch, graph, g->stream);
  start_clock(g);
  GPU_CALL(g, driver, cuGraphLaunch, graph, g->stream);
  return stop_clock(g);
}

/* So many calls as take about `seconds`, and the number of them. */
static CUgraphExec capture_window(gpu *g, queue_call queue, void *self, double seconds, uint64_t *calls) {
  const uint64_t least = 8, most = 512; /* nodes are made one by one: more would take longer than they run */
  CUgraphExec graph = capture_calls(g, queue, self, least);
  const double wanted = seconds / (graph_seconds(g, graph) / (double)least);
  GPU_CALL(g, driver, cuGraphExecDestroy, graph);
  *calls = wanted > (double)most ? most : wanted > (double)least ? (uint64_t)wanted : least;
  return capture_calls(g, queue, self, *calls);
}

#endif
