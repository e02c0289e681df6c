/* Runs a model on embedded inputs and compares with embedded outputs. Prints `variant <name>`, then what
 * print_errors says. Runs twice: the same input must give the same bits, also where memory is not fresh. Exit
 * 1 where the library fails; the bound is the caller's.
 */
#include "case.h"

int main(void) {
  session s;
  prepare(&s);
  start(&s);
  printf("variant %s\n", fnet_instance_variant(s.instance));
  read_case_inputs(&s);
  void **first = allocate_tensors(model->outputs, model->output_count);
  run(&s);
  take_outputs(&s, first);
  run(&s);
  print_errors(s.outputs);
  const int same = same_outputs(first, s.outputs, "two runs on the same input");
  free_tensors(first, model->output_count);
  finish(&s);
  return !same;
}
