/* Runs a model for GPUs on embedded inputs and compares with embedded outputs, on all ways to run one: run
 * and run_device, each with its launches one by one and as a graph. Prints `variant <name>`, `device <name>`,
 * what print_errors says of the first run, and `same bits: <the ways>` where all others gave the same. Exit 1
 * where the library fails or one way differs; the bound is the caller's.
 */
#include "case.h"
#include "gpu_tensors.h"

/* The outputs of run_device come to where run leaves its own. */
static void run_on_gpu(session *s, gpu *g, const gpu_tensors *tensors) {
  for (uint32_t i = 0; i < model->output_count; ++i)
    GPU_CALL(g, driver, cuMemsetD8Async, (CUdeviceptr)(uintptr_t)tensors->outputs[i], 0xff,
             (size_t)model->outputs[i].bytes, g->stream);
  queue_run(s, g, tensors);
  wait_for_gpu(g);
  for (uint32_t i = 0; i < model->output_count; ++i)
    copy_from_gpu(g, s->outputs[i], (CUdeviceptr)(uintptr_t)tensors->outputs[i],
                  (size_t)model->outputs[i].bytes);
}

/* Whether the way that was just run gave the bits of the first run; spoils them for the next one. */
static int same_as(void **first, session *s, const char *way) {
  char what[64];
  snprintf(what, sizeof what, "run and %s", way);
  const int same = same_outputs(first, s->outputs, what);
  spoil_outputs(s);
  return same;
}

int main(void) {
  session s;
  gpu g;
  prepare(&s);
  start(&s);
  open_gpu(&g);
  printf("variant %s\ndevice %s\n", fnet_instance_variant(s.instance), g.name);
  read_case_inputs(&s);
  const gpu_tensors tensors = make_gpu_tensors(&g, &s);
  void **first = allocate_tensors(model->outputs, model->output_count);
  run(&s);
  print_errors(s.outputs);
  take_outputs(&s, first);
  int same = 1;
  run(&s); /* also where memory is not fresh */
  same &= same_as(first, &s, "a second run");
  run_on_gpu(&s, &g, &tensors);
  same &= same_as(first, &s, "run_device");

  model->done(s.instance);
  s.options.flags = FNET_OPTION_GRAPH;
  start(&s);
  for (int again = 0; again < 2; ++again) { /* made, then launched again */
    run(&s);
    same &= same_as(first, &s, "run as a graph");
  }
  for (int again = 0; again < 2; ++again) {
    run_on_gpu(&s, &g, &tensors);
    same &= same_as(first, &s, "run_device as a graph");
  }
  if (same)
    printf("same bits: run, run as a graph, run_device, run_device as a graph\n");
  free_tensors(first, model->output_count);
  free_gpu_tensors(&g, &tensors);
  finish(&s);
  close_gpu(&g);
  return !same;
}
